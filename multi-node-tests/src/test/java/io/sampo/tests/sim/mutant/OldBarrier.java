package io.sampo.tests.sim.mutant;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.ReadIndexReply;
import io.sampo.node.raft.RoleName;
import io.sampo.tests.sim.cluster.Mutation;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.cluster.Tap;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A known bug: a leader's barrier survives its term. The read that waits for a quorum's echo when
 * the leader is deposed is let through, with the commit index that it had.
 */
final class OldBarrier implements Mutation {
  /** What one asker has asked last: each asks one question at a time. */
  private static final class Asker {
    private final ActorRef<ReadIndexReply> between;
    private RaftCommand.ReadIndex read;
    private long index;

    Asker(ActorContext<?> context, int number) {
      between =
          context.spawn(
              Behaviors.receive(ReadIndexReply.class)
                  .onAnyMessage(
                      reply -> {
                        answer(reply);
                        return Behaviors.same();
                      })
                  .build(),
              "between-" + number);
    }

    private void answer(ReadIndexReply reply) {
      boolean deposed =
          reply instanceof ReadIndexReply.ReadFailed failed
              && failed.requestId() == read.requestId()
              && index > 0;
      read.replyTo().tell(deposed ? new ReadIndexReply.ReadState(read.requestId(), index) : reply);
    }
  }

  @Override
  public <T> Behavior<T> actor(SimMember member, String name, Behavior<T> behavior) {
    return name.equals("raft")
        ? Behaviors.setup(context -> between(member, behavior, context))
        : behavior;
  }

  private static <T> Behavior<T> between(
      SimMember member, Behavior<T> behavior, ActorContext<T> context) {
    Map<String, Asker> askers = new HashMap<>();
    return Tap.of(
        behavior,
        (message, next) -> {
          if (message instanceof RaftCommand.ReadIndex read) {
            boolean leads = member.status().role() == RoleName.LEADER;
            Asker asker =
                askers.computeIfAbsent(
                    read.replyTo().path().toString(), any -> new Asker(context, askers.size()));
            asker.read = read;
            asker.index = leads ? member.status().committedIndex() : 0;
            next.accept(new RaftCommand.ReadIndex(read.requestId(), asker.between));
          } else {
            next.accept(message);
          }
        });
  }
}
