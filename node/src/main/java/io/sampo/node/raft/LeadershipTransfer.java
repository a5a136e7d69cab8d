package io.sampo.node.raft;

import io.sampo.protocol.raftpb.MessageType;

/**
 * The leader's side of handing leadership over (thesis 3.10): it brings the log of whoever is to
 * take over up to its own, then tells it to campaign at once. Meanwhile nothing may be added to the
 * log. Who waits for the outcome is in {@link PendingTransfer}.
 */
final class LeadershipTransfer {
  private final RaftContext context;
  private final Replication replication;

  /** Who is to take over; 0 if nobody. */
  private long transferee;

  /** Whether it has tried to hand over because it is to be removed. */
  private boolean soughtSuccessor;

  LeadershipTransfer(RaftContext context, Replication replication) {
    this.context = context;
    this.replication = replication;
  }

  boolean isUnderWay() {
    return transferee != 0;
  }

  long transferee() {
    return transferee;
  }

  /** Begins to hand over; whoever was to take over before is forgotten. */
  void start(long to) {
    context.logger().info("hands over to {}", Long.toHexString(to));
    transferee = to;
    if (!finishIfReady(to)) {
      replication.sendAppend(to, true);
    }
  }

  /** Tells a member to campaign if it is the one to take over and has the whole log. */
  boolean finishIfReady(long member) {
    boolean ready = member == transferee && replication.matchOf(member) == context.tail.lastIndex();
    if (ready) {
      context.send(context.message(MessageType.MsgTimeoutNow, member));
    }
    return ready;
  }

  /** Leads on. */
  void stop() {
    transferee = 0;
  }

  /**
   * Who should take a leader's removal in its place; 0 if nobody can, or if somebody was asked to
   * before.
   */
  long seekSuccessor() {
    long successor = soughtSuccessor ? 0 : replication.successor();
    soughtSuccessor |= successor != 0;
    return successor;
  }
}
