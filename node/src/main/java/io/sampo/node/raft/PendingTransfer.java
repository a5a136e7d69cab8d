package io.sampo.node.raft;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.TransferReply.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Who waits for which member to take over. */
final class PendingTransfer {
  private final List<ReplyTo<TransferReply>> waiting = new ArrayList<>();
  private final int patienceTicks;
  private long to;
  private int age;

  /**
   * @param patienceTicks two election times: one to give up leading, one for the target to win
   */
  PendingTransfer(int patienceTicks) {
    this.patienceTicks = patienceTicks;
  }

  /** Waits for a member; whoever waited for another one has failed. */
  void await(long newTo, ReplyTo<TransferReply> replyTo) {
    if (newTo != to) {
      finish(Outcome.FAILED);
    }
    to = newTo;
    age = 0;
    waiting.add(replyTo);
  }

  void onLeader(long leader) {
    if (leader != 0) {
      finish(leader == to ? Outcome.DONE : Outcome.FAILED);
    }
  }

  void onTick() {
    if (!waiting.isEmpty() && ++age >= patienceTicks) {
      finish(Outcome.FAILED);
    }
  }

  void finish(Outcome outcome) {
    waiting.forEach(replyTo -> replyTo.tell(new TransferReply(to, outcome)));
    waiting.clear();
  }
}
