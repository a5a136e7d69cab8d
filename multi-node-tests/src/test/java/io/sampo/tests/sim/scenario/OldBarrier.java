package io.sampo.tests.sim.scenario;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.ReadIndexReply;
import io.sampo.node.raft.RoleName;
import io.sampo.tests.sim.cluster.Planted;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.cluster.Tap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A known bug: a leader's barrier survives its term. The read that waits for a quorum's echo when
 * the leader is deposed is let through, with the commit index that it had.
 */
final class OldBarrier implements Planted {
  /** The question that the barrier has asked last: there is one at a time. */
  private static final class Asked {
    private RaftCommand.ReadIndex read;
    private long index;

    void answer(ReadIndexReply reply) {
      boolean deposed = reply instanceof ReadIndexReply.ReadFailed && index > 0;
      read.replyTo().tell(deposed ? new ReadIndexReply.ReadState(read.requestId(), index) : reply);
    }
  }

  @Override
  public <T> Behavior<T> room(SimMember member, String room, Behavior<T> behavior) {
    if (!room.equals("raft")) {
      return behavior;
    }
    return Behaviors.setup(
        context -> {
          Asked asked = new Asked();
          ActorRef<ReadIndexReply> between =
              context.spawn(
                  Behaviors.receive(ReadIndexReply.class)
                      .onAnyMessage(
                          reply -> {
                            asked.answer(reply);
                            return Behaviors.same();
                          })
                      .build(),
                  "between");
          return Tap.of(
              behavior,
              (message, next) -> {
                if (message instanceof RaftCommand.ReadIndex read) {
                  boolean leads = member.status().role() == RoleName.LEADER;
                  asked.read = read;
                  asked.index = leads ? member.status().committedIndex() : 0;
                  next.accept(new RaftCommand.ReadIndex(read.requestId(), between));
                } else {
                  next.accept(message);
                }
              });
        });
  }
}
