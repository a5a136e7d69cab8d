package io.sampo.tests.sim.cluster;

import io.sampo.node.apply.Applier;
import io.sampo.node.dispatch.SpawnInterceptor;
import io.sampo.node.raft.RaftCommand;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import org.apache.pekko.actor.typed.Behavior;

/** Has the observer see what a member's actors are told, and puts its known bug in their place. */
record MemberInterceptor(SimMember member) implements SpawnInterceptor {
  @Override
  public <T> Behavior<T> intercept(String actor, Behavior<T> behavior) {
    Observer observer = member.cluster().observer();
    Behavior<T> inner = member.cluster().mutation().actor(member, actor, behavior);
    return switch (actor) {
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
    if (message instanceof Applier.Apply apply) {
      observer.onApplied(member, apply.committed().entries());
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
