package io.sampo.tests.sim.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.tests.sim.kernel.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * The entries that some member has applied, in order, and what they mean. It is what every check
 * measures by: what was committed once is committed for ever.
 */
public final class CommittedLog {
  /**
   * One committed entry.
   *
   * @param revision the store's after it
   * @param response what it answers, with the revision as header; null if it is not about keys
   * @param seenNanos when the first member had applied it
   * @param auth users and roles after it
   * @param denied whether it did nothing because its user may not do that
   * @param leased the keys that hung on its lease before it
   */
  public record Committed(
      Entry entry,
      InternalRaftRequest request,
      long revision,
      boolean mutates,
      Message response,
      long seenNanos,
      ReferenceAuth auth,
      boolean denied,
      Set<ByteString> leased) {}

  private static final TreeSet<ByteString> NO_KEYS =
      new TreeSet<>(ByteString.unsignedLexicographicalComparator());

  private final LongSupplier nanoTime;
  private final Violations violations;
  private final List<Committed> entries = new ArrayList<>();
  private final Map<Long, Committed> byRevision = new HashMap<>();
  private final Map<ByteString, Long> values = new HashMap<>();
  private final ReferenceStore store;
  private ReferenceAuth auth = ReferenceAuth.OFF;
  private long operations;

  public CommittedLog(World world, Violations violations) {
    this(world::nowNanos, violations);
  }

  /**
   * @param nanoTime when the entry that is told was first seen
   */
  public CommittedLog(LongSupplier nanoTime, Violations violations) {
    this(nanoTime, violations, new ReferenceStore());
  }

  private CommittedLog(LongSupplier nanoTime, Violations violations, ReferenceStore store) {
    this.nanoTime = nanoTime;
    this.violations = violations;
    this.store = store;
  }

  /**
   * The log of a cluster that was restored from the state after the last entry: the keys are the
   * same, the entries begin anew with one for each member. This one is of no use any more.
   */
  public CommittedLog restored(int members) {
    CommittedLog next = new CommittedLog(nanoTime, violations, store);
    next.byRevision.putAll(byRevision);
    next.values.putAll(values);
    next.auth = auth;
    for (int index = 1; index <= members; index++) {
      next.add(
          Entry.newBuilder().setType(EntryType.EntryConfChange).setTerm(1).setIndex(index).build());
    }
    return next;
  }

  public long lastIndex() {
    return entries.size();
  }

  /** Null beyond the end. */
  public Committed at(long index) {
    return index < 1 || index > entries.size() ? null : entries.get((int) index - 1);
  }

  /** The entry that made this revision; null if none did. */
  public Committed ofRevision(long revision) {
    return byRevision.get(revision);
  }

  public long revision() {
    return store.revision();
  }

  ReferenceStore store() {
    return store;
  }

  /** Committed requests so far. */
  public long operations() {
    return operations;
  }

  /** A member has applied this. */
  public void applied(String member, Entry entry) {
    Committed known = at(entry.getIndex());
    if (known != null) {
      if (!known.entry().equals(entry)) {
        violations.report(
            "committed stays committed",
            member
                + " applies another entry at index "
                + entry.getIndex()
                + ", of term "
                + entry.getTerm()
                + " where term "
                + known.entry().getTerm()
                + " was applied before");
      }
    } else if (entry.getIndex() != entries.size() + 1) {
      violations.report(
          "committed stays committed",
          member + " applies " + entry.getIndex() + " where " + entries.size() + " is the last");
    } else {
      add(entry);
    }
  }

  private void add(Entry entry) {
    InternalRaftRequest request = parse(entry);
    long before = store.revision();
    Set<ByteString> leased = Set.copyOf(store.leases().getOrDefault(leaseOf(request), NO_KEYS));
    boolean denied = !auth.accepts(request, leased);
    Message response = denied ? null : store.apply(request);
    auth = denied ? auth : auth.after(request);
    boolean mutates = store.revision() > before;
    Committed committed =
        new Committed(
            entry,
            request,
            store.revision(),
            mutates,
            response,
            nanoTime.getAsLong(),
            auth,
            denied,
            leased);
    entries.add(committed);
    if (mutates) {
      byRevision.put(store.revision(), committed);
    }
    if (!request.equals(InternalRaftRequest.getDefaultInstance())) {
      operations++;
    }
    if (request.hasPut()) {
      Long earlier = values.put(request.getPut().getValue(), entry.getIndex());
      if (earlier != null) {
        violations.report(
            "at most once", "entry " + entry.getIndex() + " repeats the put of entry " + earlier);
      }
    }
  }

  private static long leaseOf(InternalRaftRequest request) {
    return request.hasPut() ? request.getPut().getLease() : request.getLeaseRevoke().getID();
  }

  /** Users and roles after an entry. */
  ReferenceAuth authAt(long index) {
    return index < 1 ? ReferenceAuth.OFF : at(index).auth();
  }

  /** The last entry that some member had applied then; 0 for none. */
  long seenBy(long nanos) {
    long index = lastIndex();
    while (index > 0 && at(index).seenNanos() > nanos) {
      index--;
    }
    return index;
  }

  private static InternalRaftRequest parse(Entry entry) {
    if (entry.getType() != EntryType.EntryNormal) {
      return InternalRaftRequest.getDefaultInstance();
    }
    try {
      return InternalRaftRequest.parseFrom(entry.getData());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
