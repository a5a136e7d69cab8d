package io.sampo.node.lease;

import io.sampo.node.state.lease.KeySet;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.lease.LeaseTable;
import io.sampo.protocol.etcdserverpb.LeaseCheckpoint;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.agrona.collections.Long2LongHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * One time of leadership: the sessions of all leases, when to look at them, and what is proposed on
 * their behalf. It ends as a whole.
 */
final class PrimaryLessor {
  private static final long MILLIS_PER_SECOND = 1000;
  private static final long NEVER = -1;

  /** How many sessions are made at a time when a leader starts with many leases. */
  private static final int SESSIONS_PER_STEP = 2000;

  /** etcd's limit for one log entry. */
  private static final int CHECKPOINTS_PER_ENTRY = 1000;

  private static final int CHECKPOINT_ENTRIES_PER_TICK = 10;

  private final long term;
  private final LeaseContext context;
  private final ActorRef<Lessor.Command> lessor;
  private final Function<Behavior<LeaseSession.Command>, ActorRef<LeaseSession.Command>> spawn;
  private final ConcurrentMap<Long, SessionEntry> sessions = new ConcurrentHashMap<>();
  private final DueTimes dueTimes = new DueTimes();
  private final Revokes revokes = new Revokes();
  private final List<LeaseCheckpoint> checkpoints = new ArrayList<>();
  private final Long2LongHashMap clearing = new Long2LongHashMap(NEVER);
  private final long startMillis;

  /** The leases of the start that have no session yet. */
  private Iterator<Lease> inherited;

  private long checkpointAtMillis;

  PrimaryLessor(
      long term,
      LeaseContext context,
      ActorRef<Lessor.Command> lessor,
      Function<Behavior<LeaseSession.Command>, ActorRef<LeaseSession.Command>> spawn) {
    this.term = term;
    this.context = context;
    this.lessor = lessor;
    this.spawn = spawn;
    this.startMillis = context.clock().nowMillis();
    this.inherited = context.table().get().toList().iterator();
    this.checkpointAtMillis = startMillis + context.settings().checkpointInterval().toMillis();
  }

  /** All there are, by the ids of their leases; to be read on any thread. */
  ConcurrentMap<Long, SessionEntry> sessions() {
    return sessions;
  }

  /** Makes sessions for some of the inherited leases; true if there may be more. */
  boolean inheritSome() {
    LeaseTable now = context.table().get();
    for (int i = 0; i < SESSIONS_PER_STEP && inherited.hasNext(); i++) {
      long id = inherited.next().id();
      Lease lease = now.get(id);
      if (lease != null && !sessions.containsKey(id)) {
        inherit(lease);
      }
    }
    return inherited.hasNext();
  }

  /** Nobody knows how much of it was left: it gets its time anew, and the extension. */
  private SessionEntry inherit(Lease lease) {
    long extended =
        startMillis
            + lease.effectiveSeconds() * MILLIS_PER_SECOND
            + context.settings().extension().toMillis();
    return open(lease, extended, false);
  }

  private SessionEntry open(Lease lease, long deadlineMillis, boolean expired) {
    LeaseDeadline deadline = new LeaseDeadline(context.clock(), lease.ttlSeconds(), deadlineMillis);
    SessionEntry entry =
        new SessionEntry(
            spawn.apply(
                LeaseSession.create(
                    lessor,
                    context.metrics(),
                    lease.id(),
                    deadline,
                    lease.remainingSeconds(),
                    expired)),
            deadline);
    sessions.put(lease.id(), entry);
    entry.slot = dueTimes.add(lease.id(), deadlineMillis);
    return entry;
  }

  void granted(long id, long ttlSeconds) {
    if (!sessions.containsKey(id)) {
      long deadline = context.clock().nowMillis() + ttlSeconds * MILLIS_PER_SECOND;
      open(new Lease(id, ttlSeconds, 0, KeySet.EMPTY), deadline, false);
    }
  }

  /**
   * A session has failed: another one goes on with its deadline. If that has come, the lease is
   * revoked whatever its session would say.
   */
  void replace(Lessor.Failed failed) {
    long id = failed.id();
    SessionEntry entry = sessions.get(id);
    Lease lease = context.table().get().get(id);
    if (entry == null || lease == null || !entry.session().equals(failed.session())) {
      return; // it was revoked, or is one of an earlier leadership
    }
    boolean due = context.clock().nowMillis() >= failed.deadlineMillis();
    if (due && !failed.expired()) {
      revokes.add(id);
    }
    SessionEntry next = open(lease, failed.deadlineMillis(), due || failed.expired());
    failed.waiting().forEach(asker -> next.session().tell(new LeaseSession.KeepAlive(asker)));
  }

  void revoked(long id) {
    if (revokes.settle(id)) {
      context.metrics().expired();
    }
    clearing.remove(id);
    SessionEntry entry = sessions.remove(id);
    if (entry != null) {
      entry.deadline().close();
      entry.session().tell(LeaseSession.Signal.REVOKED);
    }
  }

  void checkpointed(long id, long remainingSeconds) {
    if (remainingSeconds == 0) {
      clearing.remove(id);
    }
    SessionEntry entry = sessions.get(id);
    if (entry != null) {
      entry.session().tell(new LeaseSession.Checkpointed(remainingSeconds));
    }
  }

  /** The session of the lease, or null if there is no such lease. */
  ActorRef<LeaseSession.Command> session(long id) {
    SessionEntry entry = sessions.get(id);
    if (entry == null && inherited.hasNext()) {
      Lease lease = context.table().get().get(id);
      entry = lease == null ? null : inherit(lease);
    }
    return entry == null ? null : entry.session();
  }

  void reschedule(long id, long deadlineMillis) {
    SessionEntry entry = sessions.get(id);
    if (entry != null) {
      entry.slot = dueTimes.add(id, deadlineMillis);
    }
  }

  void expired(long id) {
    if (sessions.containsKey(id)) {
      revokes.add(id);
    }
  }

  /** Looks at what is due; to be called about as often as there are slots. */
  void tick() {
    long now = context.clock().nowMillis();
    long retry = now - context.settings().retryInterval().toMillis();
    boolean more = true;
    while (more) {
      more = dueTimes.drainOne(now, id -> lookAt(id, now));
    }
    revokes.retryOlderThan(retry);
    retryClearing(now, retry);
    checkpoint(now);
  }

  private void lookAt(long id, long now) {
    SessionEntry entry = sessions.get(id);
    if (entry != null && entry.slot * DueTimes.SLOT_MILLIS <= now) {
      entry.slot = Long.MAX_VALUE / DueTimes.SLOT_MILLIS;
      entry.session().tell(LeaseSession.Signal.DUE);
    }
  }

  /** Whether it is worth asking the quorum, so that revokes can be proposed. */
  boolean wantsToRevoke() {
    return revokes.hasWaiting()
        && revokes.inFlight() <= context.settings().maxRevokesInFlight() / 2;
  }

  /** The quorum has confirmed that this member still leads: proposes what had expired by then. */
  void revokeSome() {
    long now = context.clock().nowMillis();
    while (revokes.hasWaiting() && revokes.inFlight() < context.settings().maxRevokesInFlight()) {
      long id = revokes.propose(now);
      if (sessions.containsKey(id)) {
        context.proposals().revoke(term, id);
      } else {
        revokes.settle(id); // a client was faster
      }
    }
  }

  /** Proposes that a note is cleared, unless that is under way. */
  void clearCheckpoint(long id) {
    if (clearing.get(id) == NEVER) {
      clearing.put(id, context.clock().nowMillis());
      proposeClear(id);
    }
  }

  private void retryClearing(long now, long retry) {
    List<Long> lost = new ArrayList<>(0);
    clearing.forEachLong(
        (id, at) -> {
          if (at < retry) {
            lost.add(id);
          }
        });
    for (long id : lost) {
      clearing.put(id, now);
      proposeClear(id);
    }
  }

  private void proposeClear(long id) {
    context.proposals().checkpoint(term, List.of(LeaseCheckpoint.newBuilder().setID(id).build()));
  }

  void checkpointDue(long id, long remainingSeconds) {
    checkpoints.add(
        LeaseCheckpoint.newBuilder().setID(id).setRemainingTTL(remainingSeconds).build());
  }

  private void checkpoint(long now) {
    if (context.settings().checkpoints() && now >= checkpointAtMillis) {
      checkpointAtMillis = now + context.settings().checkpointInterval().toMillis();
      sessions.values().forEach(entry -> entry.session().tell(LeaseSession.Signal.CHECKPOINT));
    }
    for (int i = 0; i < CHECKPOINT_ENTRIES_PER_TICK && !checkpoints.isEmpty(); i++) {
      int start = Math.max(0, checkpoints.size() - CHECKPOINTS_PER_ENTRY);
      List<LeaseCheckpoint> entry = checkpoints.subList(start, checkpoints.size());
      context.proposals().checkpoint(term, List.copyOf(entry));
      entry.clear();
    }
  }

  /** Whether some leases may have no session yet. */
  boolean isInheriting() {
    return inherited.hasNext();
  }

  /** Asks every session for its deadline; gives their number. */
  int askDeadlines(long listing) {
    sessions.values().forEach(entry -> entry.session().tell(new LeaseSession.AskDeadline(listing)));
    return sessions.size();
  }

  void end() {
    sessions.values().forEach(entry -> entry.session().tell(LeaseSession.Signal.LEADERSHIP_LOST));
  }
}
