package io.sampo.tests.sim.cluster;

import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogActor;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.snapshot.SnapshotId;
import io.sampo.protocol.raftpb.ConfState;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Writes the log of a member whose state was restored, as production does when it takes over what
 * etcdutl has made: it begins after the state, in the state's term.
 */
final class LogPreparation extends AbstractBehavior<LogReply> {
  private final ActorRef<LogCommand> log;
  private final SnapshotId state;
  private final ConfState members;
  private final Runnable done;
  private int written;

  private LogPreparation(
      ActorContext<LogReply> context,
      String name,
      SnapshotId state,
      ConfState members,
      Runnable done) {
    super(context);
    this.state = state;
    this.members = members;
    this.done = done;
    log =
        context.spawn(
            LogActor.create(name, context.getSelf(), LogSettings.defaults("simulated")), "log");
    context.watch(log);
  }

  /**
   * @param done run when the log is durable
   */
  static Behavior<LogReply> create(
      String name, SnapshotId state, ConfState members, Runnable done) {
    return Behaviors.setup(context -> new LogPreparation(context, name, state, members, done));
  }

  @Override
  public Receive<LogReply> createReceive() {
    return newReceiveBuilder()
        .onMessage(LogReply.Recovered.class, recovered -> write())
        .onMessage(LogReply.Flushed.class, flushed -> next())
        .build();
  }

  private Behavior<LogReply> write() {
    log.tell(new LogCommand.InstallSnapshot(state.index(), state.term(), members, List.of()));
    log.tell(new LogCommand.Persist(new HardState(state.term(), 0), List.of(), List.of()));
    return this;
  }

  private Behavior<LogReply> next() {
    written++;
    if (written == 2) {
      done.run();
    }
    return this;
  }
}
