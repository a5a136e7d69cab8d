package io.sampo.tests.sim.cluster;

import io.sampo.node.apply.Applier;
import io.sampo.node.raft.CommittedEntries;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.server.SpawnInterceptor;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import org.apache.pekko.actor.typed.Behavior;

/** Where the observer stands before a member's rooms, with what is planted behind it. */
record MemberInterceptor(SimMember member) implements SpawnInterceptor {
  @Override
  public <T> Behavior<T> admit(String room, Behavior<T> behavior) {
    Observer observer = member.cluster().observer();
    Behavior<T> inner = member.cluster().planted().room(member, room, behavior);
    return switch (room) {
      case "applier" -> Tap.watch(inner, message -> {}, message -> applied(observer, message));
      case "raft" ->
          Tap.watch(
              inner, message -> told(observer, message), message -> observer.onRaftStep(member));
      case "log" ->
          Tap.watch(
              inner,
              message -> {
                if (message instanceof LogCommand command) {
                  observer.onLogCommand(member, command);
                }
              },
              message -> {});
      default -> inner;
    };
  }

  private void applied(Observer observer, Object message) {
    if (message instanceof CommittedEntries committed) {
      observer.onApplied(member, committed.entries());
    } else if (message instanceof Applier.Install) {
      observer.onInstalled(member);
    }
  }

  private void told(Observer observer, Object message) {
    if (message instanceof RaftCommand.LogReplied replied
        && replied.reply() instanceof LogReply.Recovered recovered) {
      observer.onRecovered(member, recovered.state());
    }
    if (message instanceof RaftCommand command) {
      observer.onRaftTold(member, command);
    }
  }
}
