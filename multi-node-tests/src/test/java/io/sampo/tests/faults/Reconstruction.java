package io.sampo.tests.faults;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.mvccpb.Event;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.tests.sim.check.CommittedLog;
import io.sampo.tests.sim.check.Linearizability;
import io.sampo.tests.sim.check.Violations;
import io.sampo.tests.sim.client.Call;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The log of a cluster, made from outside: which request made which revision. Answered calls name
 * their revision; of the unanswered ones, puts and transactions are known by the values they write,
 * deletions by what they deleted. Events that nobody asked for are a violation, unless a lease has
 * ended. Whether the requests explain every event is for the checks to say.
 */
final class Reconstruction {
  private static final Comparator<ByteString> BYTES =
      ByteString.unsignedLexicographicalComparator();

  private final Violations violations;
  private final CommittedLog log;
  private final Map<Long, Call> answered = new HashMap<>();
  private final Map<ByteString, Call> unansweredByValue = new HashMap<>();
  private final List<Call> unansweredDeletions = new ArrayList<>();

  /** Living keys, each with its lease or 0. */
  private final TreeMap<ByteString, Long> living = new TreeMap<>(BYTES);

  /** From revision to when somebody was first told of it or of a later one. */
  private final TreeMap<Long, Long> known = new TreeMap<>();

  private long index;
  private long askedNanos;

  /**
   * @param calls in the order in which they ended
   * @param firstSeen when a revision was first heard of by a watcher
   */
  Reconstruction(Violations violations, List<Call> calls, Map<Long, Long> firstSeen) {
    this.violations = violations;
    this.log = new CommittedLog(() -> askedNanos, violations);
    firstSeen.forEach(this::know);
    for (Call call : calls) {
      if (call.succeeded()) {
        know(Linearizability.revision(call.response()), call.completedNanos());
      }
      long revision = Mutations.revision(call);
      if (revision > 0 && answered.put(revision, call) != null) {
        violations.report("reconstruction", "two answers name revision " + revision);
      } else if (!call.succeeded() && call.request() instanceof DeleteRangeRequest) {
        unansweredDeletions.add(call);
      } else if (!call.succeeded()) {
        Mutations.values(call.request()).forEach(value -> unansweredByValue.put(value, call));
      }
    }
    long earliest = Long.MAX_VALUE;
    for (Map.Entry<Long, Long> each : known.descendingMap().entrySet()) {
      earliest = Math.min(earliest, each.getValue());
      each.setValue(earliest);
    }
  }

  private void know(long revision, long nanos) {
    known.merge(revision, nanos, Math::min);
  }

  /** The latest time at which the revision can have come to be. */
  private long knownNanos(long revision) {
    Map.Entry<Long, Long> first = known.ceilingEntry(revision);
    return first == null ? Long.MAX_VALUE : first.getValue();
  }

  /**
   * The log behind these events.
   *
   * @param events all of them, from the first revision on
   */
  CommittedLog of(List<Event> events) {
    Set<Long> leases = new HashSet<>();
    events.forEach(event -> leases.add(event.getKv().getLease()));
    leases.remove(0L);
    leases.forEach(
        id ->
            append(
                InternalRaftRequest.newBuilder()
                    .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id))
                    .build(),
                0));
    TreeMap<Long, List<Event>> byRevision = new TreeMap<>();
    for (Event event : events) {
      byRevision
          .computeIfAbsent(event.getKv().getModRevision(), revision -> new ArrayList<>())
          .add(event);
    }
    byRevision.forEach(this::explain);
    answered.keySet().stream()
        .filter(revision -> !byRevision.containsKey(revision))
        .forEach(
            revision ->
                violations.report(
                    "durability", "acknowledged and lost: " + answered.get(revision)));
    return log;
  }

  private void explain(long revision, List<Event> events) {
    Optional<Call> made = Optional.ofNullable(answered.get(revision));
    if (made.isEmpty()) {
      made = events.stream().filter(Reconstruction::isPut).findFirst().map(this::byValue);
    }
    boolean onlyDeletions = events.stream().noneMatch(Reconstruction::isPut);
    if (made.isEmpty() && onlyDeletions) {
      made = byDeletion(events);
    }
    if (made.isPresent()) {
      append(Mutations.logged(made.get().request()), made.get().invokedNanos());
    } else {
      Optional<Long> lease = onlyDeletions ? endedLease(events) : Optional.empty();
      if (lease.isPresent()) {
        append(
            InternalRaftRequest.newBuilder()
                .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease.get()))
                .build(),
            knownNanos(revision));
      } else {
        violations.report(
            "reconstruction", "nobody asked for revision " + revision + ": " + events);
      }
    }
    events.forEach(this::apply);
  }

  private static boolean isPut(Event event) {
    return event.getType() == Event.EventType.PUT;
  }

  private Call byValue(Event put) {
    return unansweredByValue.get(put.getKv().getValue());
  }

  private Optional<Call> byDeletion(List<Event> events) {
    Set<ByteString> deleted = keys(events);
    Optional<Call> made =
        unansweredDeletions.stream()
            .filter(call -> victims((DeleteRangeRequest) call.request()).equals(deleted))
            .findFirst();
    made.ifPresent(unansweredDeletions::remove);
    return made;
  }

  private Set<ByteString> victims(DeleteRangeRequest delete) {
    if (delete.getRangeEnd().isEmpty()) {
      return living.containsKey(delete.getKey()) ? Set.of(delete.getKey()) : Set.of();
    }
    if (BYTES.compare(delete.getKey(), delete.getRangeEnd()) >= 0) {
      return Set.of();
    }
    return living.subMap(delete.getKey(), delete.getRangeEnd()).keySet();
  }

  private Optional<Long> endedLease(List<Event> events) {
    Set<Long> leases = new HashSet<>();
    events.forEach(event -> leases.add(living.getOrDefault(event.getKv().getKey(), 0L)));
    return leases.size() == 1 && !leases.contains(0L)
        ? Optional.of(leases.iterator().next())
        : Optional.empty();
  }

  private static Set<ByteString> keys(List<Event> events) {
    Set<ByteString> keys = new TreeSet<>(BYTES);
    events.forEach(event -> keys.add(event.getKv().getKey()));
    return keys;
  }

  private void apply(Event event) {
    if (isPut(event)) {
      living.put(event.getKv().getKey(), event.getKv().getLease());
    } else {
      living.remove(event.getKv().getKey());
    }
  }

  private void append(InternalRaftRequest request, long nanos) {
    askedNanos = nanos;
    log.applied(
        "the reconstruction",
        Entry.newBuilder().setIndex(++index).setTerm(1).setData(request.toByteString()).build());
  }
}
