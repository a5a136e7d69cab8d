package io.sampo.node.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.state.alarm.AlarmTable;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.node.state.bucket.BucketSource;
import io.sampo.node.state.lease.KeySet;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.lease.LeaseTable;
import io.sampo.node.state.membership.ClusterJson;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.node.state.mvcc.KeyBucketLoader;
import io.sampo.node.state.mvcc.MvccStore;
import io.sampo.node.state.mvcc.RevisionBytes;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.raftpb.ConfState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the buckets of a snapshot, ours or etcd's, into a new state machine. */
final class StateLoader {
  private final StateSettings settings;
  private final BucketSource source;
  private final Optional<DatabaseOrigin> origin;

  StateLoader(StateSettings settings, BucketSource source) {
    this(settings, source, Optional.empty());
  }

  StateLoader(StateSettings settings, BucketSource source, DatabaseOrigin origin) {
    this(settings, source, Optional.of(origin));
  }

  private StateLoader(
      StateSettings settings, BucketSource source, Optional<DatabaseOrigin> origin) {
    this.settings = settings;
    this.source = source;
    this.origin = origin;
  }

  StateMachine load() throws IOException {
    SortedMap<String, byte[]> meta = named("meta");
    ClusterState cluster = cluster(meta);
    AuthTable auth = AuthBuckets.load(source);
    MvccStore store = store(meta);
    LeaseTable leases = leases(store);
    NodeState state =
        new NodeState(
            origin.map(DatabaseOrigin::index).orElseGet(() -> number(meta.get("consistent_index"))),
            origin.map(DatabaseOrigin::term).orElseGet(() -> number(meta.get("term"))),
            store.view(0),
            leases,
            new AlarmTable(alarms()),
            origin.map(it -> it.cluster().apply(cluster)).orElse(cluster),
            auth,
            StateSize.of(store.bytes(), leases.size()));
    return new StateMachine(settings, store, state);
  }

  private MvccStore store(SortedMap<String, byte[]> meta) throws IOException {
    KeyBucketLoader loader = new KeyBucketLoader();
    source.forEach("key", loader::accept);
    return loader.finish(
        revision(meta.get("finishedCompactRev")), revision(meta.get("scheduledCompactRev")));
  }

  private LeaseTable leases(MvccStore store) throws IOException {
    LeaseTable[] table = {LeaseTable.EMPTY};
    source.forEach(
        "lease",
        (key, value) -> {
          try {
            var stored = io.sampo.protocol.leasepb.Lease.parseFrom(value);
            long ttl = Math.max(stored.getTTL(), settings.minLeaseTtlSeconds());
            table[0] =
                table[0].with(
                    new Lease(stored.getID(), ttl, stored.getRemainingTTL(), KeySet.EMPTY));
          } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a damaged lease", e);
          }
        });
    if (table[0].size() > 0) {
      store.forEachLeased(version -> table[0] = table[0].attach(version.lease(), version.key()));
    }
    return table[0];
  }

  private List<AlarmMember> alarms() throws IOException {
    List<AlarmMember> alarms = new ArrayList<>();
    source.forEach(
        "alarm",
        (key, value) -> {
          try {
            alarms.add(AlarmMember.parseFrom(key));
          } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a damaged alarm", e);
          }
        });
    return alarms;
  }

  private ClusterState cluster(SortedMap<String, byte[]> meta) throws IOException {
    SortedMap<Long, ClusterMember> members = new TreeMap<>(Long::compareUnsigned);
    named("members")
        .values()
        .forEach(
            json -> {
              ClusterMember member = MemberJson.decode(json).member();
              members.put(member.id(), member);
            });
    SortedSet<Long> removed = new TreeSet<>(Long::compareUnsigned);
    named("members_removed").keySet().forEach(id -> removed.add(Long.parseUnsignedLong(id, 16)));
    SortedMap<String, byte[]> cluster = named("cluster");
    byte[] confState = meta.get("confState");
    return new ClusterState(
        members,
        removed,
        confState == null
            ? ConfState.newBuilder().setAutoLeave(false).build()
            : ClusterJson.decodeConfState(confState),
        Optional.ofNullable(cluster.get("clusterVersion")).map(it -> new String(it, UTF_8)),
        downgrade(cluster.get("downgrade")));
  }

  private static Optional<DowngradeState> downgrade(byte[] json) {
    return Optional.ofNullable(json).map(ClusterJson::decodeDowngrade);
  }

  private SortedMap<String, byte[]> named(String bucket) throws IOException {
    SortedMap<String, byte[]> entries = new TreeMap<>();
    source.forEach(bucket, (key, value) -> entries.put(new String(key, UTF_8), value));
    return entries;
  }

  private static long number(byte[] bytes) {
    return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
  }

  private static long revision(byte[] bytes) {
    return bytes == null ? -1 : RevisionBytes.main(bytes);
  }
}
