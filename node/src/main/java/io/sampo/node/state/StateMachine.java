package io.sampo.node.state;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.sampo.node.state.alarm.AlarmTable;
import io.sampo.node.state.auth.AccessRules;
import io.sampo.node.state.auth.AuthApplier;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.node.state.bucket.BucketSource;
import io.sampo.node.state.lease.KeySet;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.lease.LeaseEvent;
import io.sampo.node.state.lease.LeaseTable;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.MembershipRules;
import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.MvccStore;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponses;
import io.sampo.persistence.snapshot.SnapshotImage;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.LeaseCheckpointRequest;
import io.sampo.protocol.etcdserverpb.LeaseCheckpointResponse;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.raftpb.ConfChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fold of the log: applies committed entries one after another. It belongs to one thread, the
 * applier's; what {@link #state} hands out may be read by any.
 *
 * <p>A request that fails leaves no trace but its index. Entries at or below the applied index are
 * skipped, so a log may be replayed over a snapshot.
 */
public final class StateMachine {
  /** The longest time to live that etcd grants, in seconds. */
  public static final long MAX_LEASE_TTL_SECONDS = 9_000_000_000L;

  private final StateSettings settings;
  private final Quota quota;
  private final MembershipRules membershipRules;
  private final MvccStore store;
  private final KeyWriter writer;
  private final AlarmApplier alarms;
  private final AuthApplier auth;
  private ClusterState cluster;
  private long appliedIndex;
  private long appliedTerm;

  /** Collects what the entry being applied does to leases. */
  private List<LeaseEvent> leaseEvents = new ArrayList<>();

  private CompactionStarted compaction;
  private boolean outgrewQuota;

  /** An empty state before the first entry. */
  public StateMachine(StateSettings settings) {
    this(settings, new MvccStore(), NodeState.EMPTY);
  }

  StateMachine(StateSettings settings, MvccStore store, NodeState state) {
    this.settings = settings;
    this.quota = Quota.ofFlag(settings.quotaBytes());
    this.membershipRules = new MembershipRules(settings.maxLearners());
    this.store = store;
    this.writer = new KeyWriter(store, state.leases());
    this.alarms = new AlarmApplier(state.alarms());
    this.cluster = state.cluster();
    this.appliedIndex = state.appliedIndex();
    this.appliedTerm = state.appliedTerm();
    this.auth = new AuthApplier(state.auth());
  }

  /** Applies a request, with every answer in full. */
  public ApplyResult apply(InternalRaftRequest request, long index, long term) {
    return apply(request, index, term, true);
  }

  /**
   * Applies a request.
   *
   * @param awaited whether somebody waits for the answer here: if not, the ranges of a transaction
   *     are not run
   */
  public ApplyResult apply(InternalRaftRequest request, long index, long term, boolean awaited) {
    long id = request.getID() != 0 ? request.getID() : request.getHeader().getID();
    if (index <= appliedIndex) {
      return ApplyResult.skipped(id);
    }
    Message response = null;
    EtcdException error = null;
    try {
      response = dispatch(request, index, awaited);
    } catch (EtcdException e) {
      error = e;
    }
    advance(index, term);
    List<KeyVersion> changed = store.commit();
    boolean unanswerable = error != null && error.code() == Status.Code.RESOURCE_EXHAUSTED;
    if (outgrewQuota && (error == null || unanswerable)) {
      error = EtcdError.NO_SPACE.exception();
      response = null;
    }
    boolean raise = EtcdError.NO_SPACE.is(error) && !alarms.table().isRaised(AlarmType.NOSPACE);
    ApplyResult result =
        new ApplyResult(
            id, true, response, error, changed, leaseEvents, raise, compaction, auth.takeEvent());
    leaseEvents = new ArrayList<>();
    compaction = null;
    outgrewQuota = false;
    return result;
  }

  /** Applies an entry without data, which every new leader begins with. */
  public ApplyResult applyEmpty(long index, long term) {
    if (index <= appliedIndex) {
      return ApplyResult.skipped(0);
    }
    advance(index, term);
    return ApplyResult.silent(0);
  }

  /** Applies a change of the members. */
  public MembershipResult applyMembership(ConfChange change, long index, long term) {
    if (index <= appliedIndex) {
      return new MembershipResult(change.getId(), false, cluster, null);
    }
    advance(index, term);
    try {
      cluster = membershipRules.apply(cluster, change);
      return new MembershipResult(change.getId(), true, cluster, null);
    } catch (EtcdException e) {
      return new MembershipResult(change.getId(), true, cluster, e);
    }
  }

  private void advance(long index, long term) {
    if (appliedIndex != 0 && index != appliedIndex + 1) {
      throw new IllegalStateException("entry " + index + " comes after " + appliedIndex);
    }
    appliedIndex = index;
    appliedTerm = term;
  }

  private Message dispatch(InternalRaftRequest request, long index, boolean awaited) {
    Optional<ClusterState> changed = ClusterRequests.apply(cluster, request);
    if (changed.isPresent()) {
      cluster = changed.get();
      return null;
    }
    if (request.hasDowngradeVersionTest()) {
      return null;
    }
    if (request.hasAlarm()) {
      return alarms.apply(request.getAlarm(), store.revision());
    }
    if (request.hasLeaseCheckpoint()) {
      return checkpoint(request.getLeaseCheckpoint());
    }
    return dispatchGuarded(request, index, awaited);
  }

  /** The requests that a CORRUPT alarm refuses, and those about users, which it lets pass. */
  private Message dispatchGuarded(InternalRaftRequest request, long index, boolean awaited) {
    boolean guarded =
        request.hasPut()
            || request.hasRange()
            || request.hasDeleteRange()
            || request.hasTxn()
            || request.hasCompaction()
            || request.hasLeaseGrant()
            || request.hasLeaseRevoke();
    AccessRules access = AccessRules.of(auth.table(), writer.leases(), request.getHeader());
    if (!guarded) {
      return dispatchAuth(request, access, index);
    }
    if (alarms.table().isRaised(AlarmType.CORRUPT)) {
      throw EtcdError.CORRUPT.exception();
    }
    if (request.hasPut()) {
      return put(request.getPut(), access);
    }
    if (request.hasTxn()) {
      return txn(request.getTxn(), access, awaited);
    }
    if (request.hasDeleteRange()) {
      access.delete(request.getDeleteRange());
      return writer.delete(request.getDeleteRange());
    }
    if (request.hasRange()) {
      access.range(request.getRange());
      return RangeResponses.message(
          Headers.at(store.revision()), store.range(RangeQuery.of(request.getRange())));
    }
    if (request.hasCompaction()) {
      return compact(request.getCompaction());
    }
    if (request.hasLeaseGrant()) {
      return grant(request.getLeaseGrant());
    }
    access.keysOf(request.getLeaseRevoke().getID());
    return revoke(request.getLeaseRevoke());
  }

  private Message dispatchAuth(InternalRaftRequest request, AccessRules access, long index) {
    if (AccessRules.isForAdmins(request)) {
      access.admin();
    }
    Message response = auth.apply(request, access.user(), index, Headers.at(store.revision()));
    if (response == null) {
      throw new EtcdException(
          Status.Code.UNIMPLEMENTED, "etcdserver: request is not supported by this member");
    }
    return response;
  }

  private Message put(PutRequest request, AccessRules access) {
    charge(Quota.cost(request));
    access.put(request);
    writer.check(request);
    return writer.put(request);
  }

  private Message txn(TxnRequest request, AccessRules access, boolean awaited) {
    charge(Quota.cost(request));
    access.txn(request);
    return new TxnApplier(writer, awaited, settings.sendLimit()).run(request);
  }

  /** With the alarm raised nothing that costs passes; without it a write may outgrow the quota. */
  private void charge(long cost) {
    if (cost > 0 && alarms.table().isRaised(AlarmType.NOSPACE)) {
      throw EtcdError.NO_SPACE.exception();
    }
    outgrewQuota = !quota.admits(sizeBytes(), cost);
  }

  private Message compact(CompactionRequest request) {
    MvccView before = store.view(appliedIndex);
    boolean hashable = !store.isCompacting();
    store.compact(request.getRevision());
    writer.operations().ranged(1); // etcd reads a key to learn the revision
    compaction = new CompactionStarted(before, request.getRevision(), hashable);
    return CompactionResponse.newBuilder().setHeader(Headers.at(store.revision())).build();
  }

  private Message grant(LeaseGrantRequest request) {
    charge(Quota.cost(request));
    if (request.getID() == 0) {
      throw EtcdError.LEASE_NOT_FOUND.exception();
    }
    if (request.getTTL() > MAX_LEASE_TTL_SECONDS) {
      throw EtcdError.LEASE_TTL_TOO_LARGE.exception();
    }
    if (writer.leases().get(request.getID()) != null) {
      throw EtcdError.LEASE_EXISTS.exception();
    }
    long ttl = Math.max(request.getTTL(), settings.minLeaseTtlSeconds());
    writer.setLeases(writer.leases().with(new Lease(request.getID(), ttl, 0, KeySet.EMPTY)));
    leaseEvents.add(new LeaseEvent.Granted(request.getID(), ttl));
    return LeaseGrantResponse.newBuilder()
        .setHeader(Headers.at(store.revision()))
        .setID(request.getID())
        .setTTL(ttl)
        .build();
  }

  private Message revoke(LeaseRevokeRequest request) {
    Lease lease = writer.leases().get(request.getID());
    if (lease == null) {
      throw EtcdError.LEASE_NOT_FOUND.exception();
    }
    writer.revoke(lease);
    leaseEvents.add(new LeaseEvent.Revoked(lease.id()));
    return LeaseRevokeResponse.newBuilder().setHeader(Headers.at(store.revision())).build();
  }

  private Message checkpoint(LeaseCheckpointRequest request) {
    leaseEvents.addAll(writer.checkpoint(request));
    return LeaseCheckpointResponse.newBuilder().setHeader(Headers.at(store.revision())).build();
  }

  /** What requests did to the store since this was asked last. */
  public StoreOperations.Counts takeOperations() {
    return writer.operations().take();
  }

  /** How many versions compactions have removed so far. */
  public long versionsCompacted() {
    return store.versionsCompacted();
  }

  /** As {@link #compactStep(int)}, with 250 versions, which takes less than a millisecond. */
  public boolean compactStep() {
    return store.compactStep();
  }

  /**
   * Does a bounded part of the compaction that is due; false when nothing is left to do.
   *
   * @param versions how many are looked at, at most
   */
  public boolean compactStep(int versions) {
    return store.compactStep(versions);
  }

  /**
   * The state that a snapshot holds.
   *
   * @param source such as {@code reader::forEach} of a BboltReader
   * @throws IllegalArgumentException if the snapshot is damaged or needs what this version lacks
   * @throws IOException if it cannot be read
   */
  public static StateMachine restore(StateSettings settings, BucketSource source)
      throws IOException {
    return new StateLoader(settings, source).load();
  }

  /**
   * The same from a database of etcd's.
   *
   * @param origin what is known from elsewhere
   */
  public static StateMachine restore(
      StateSettings settings, BucketSource source, DatabaseOrigin origin) throws IOException {
    return new StateLoader(settings, source, origin).load();
  }

  /** Everything applied so far as a snapshot, to be iterated on any thread. */
  public SnapshotImage image() {
    return state().image();
  }

  /** The key space as applied so far; cheap, meant to be called once per batch. */
  public MvccView view() {
    return store.view(appliedIndex);
  }

  /** Everything applied so far; cheap, meant to be called once per batch. */
  public NodeState state() {
    return new NodeState(
        appliedIndex,
        appliedTerm,
        view(),
        writer.leases(),
        alarms.table(),
        cluster,
        auth.table(),
        sizeBytes());
  }

  /** The logical size that the quota is about, in bytes. */
  public long sizeBytes() {
    return StateSize.of(store.bytes(), writer.leases().size());
  }

  public Quota quota() {
    return quota;
  }

  public LeaseTable leases() {
    return writer.leases();
  }

  public AlarmTable alarms() {
    return alarms.table();
  }

  public AuthTable auth() {
    return auth.table();
  }

  public ClusterState cluster() {
    return cluster;
  }

  /** The index of the last applied entry; 0 for none. */
  public long appliedIndex() {
    return appliedIndex;
  }

  /** The term of the last applied entry. */
  public long appliedTerm() {
    return appliedTerm;
  }
}
