package io.sampo.node.lease;

import org.apache.pekko.actor.typed.ActorRef;

/** A lease on the leader: its session, its deadline, and when the lessor looks at it next. */
final class SessionEntry {
  private final ActorRef<LeaseSession.Command> session;
  private final LeaseDeadline deadline;

  /** Of {@link DueTimes}; other slots with its id are outdated. Only the lessor's. */
  long slot;

  SessionEntry(ActorRef<LeaseSession.Command> session, LeaseDeadline deadline) {
    this.session = session;
    this.deadline = deadline;
  }

  ActorRef<LeaseSession.Command> session() {
    return session;
  }

  /** For any thread. */
  LeaseDeadline deadline() {
    return deadline;
  }
}
