package io.sampo.tests.sim.mutant;

import io.sampo.node.raft.RaftCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.tests.sim.cluster.Mutation;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.cluster.Tap;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.Behavior;

/**
 * A known bug: what the log says is durable counts by its index, although a newer leader's entry
 * stands there meanwhile.
 */
final class UnnamedFlush implements Mutation {
  @Override
  public <T> Behavior<T> actor(SimMember member, String name, Behavior<T> behavior) {
    if (!name.equals("raft")) {
      return behavior;
    }
    Map<Long, Long> newestTerms = new HashMap<>();
    return Tap.of(
        behavior,
        (message, next) -> {
          if (message instanceof RaftCommand.Receive receive) {
            note(receive.message(), newestTerms);
          }
          next.accept(
              message instanceof RaftCommand.LogReplied replied
                      && replied.reply() instanceof LogReply.Flushed flushed
                  ? rename(flushed, newestTerms)
                  : message);
        });
  }

  private static void note(Message message, Map<Long, Long> newestTerms) {
    if (message.getType() == MessageType.MsgApp) {
      for (Entry entry : message.getEntriesList()) {
        newestTerms.merge(entry.getIndex(), entry.getTerm(), Math::max);
      }
    }
  }

  private static RaftCommand rename(LogReply.Flushed flushed, Map<Long, Long> newestTerms) {
    long newest = newestTerms.getOrDefault(flushed.index(), 0L);
    return new RaftCommand.LogReplied(
        new LogReply.Flushed(Math.max(flushed.term(), newest), flushed.index(), flushed.after()));
  }
}
