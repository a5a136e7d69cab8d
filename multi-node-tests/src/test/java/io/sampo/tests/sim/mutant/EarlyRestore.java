package io.sampo.tests.sim.mutant;

import io.sampo.node.apply.Applier;
import io.sampo.node.request.ReadBarrier;
import io.sampo.tests.sim.cluster.Mutation;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.cluster.Tap;
import io.sampo.tests.sim.kernel.SimProcess;
import io.sampo.tests.sim.kernel.World;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A known bug: reads are let through when a leader's state has come, and answered from the state
 * before, as the new one is put in place only a little later.
 */
final class EarlyRestore implements Mutation {
  private static final int TIMES = 10;
  private static final long STEP_NANOS = 10_000_000;

  private final Map<SimMember, ActorRef<Object>> barriers = new HashMap<>();

  @Override
  public <T> Behavior<T> actor(SimMember member, String name, Behavior<T> behavior) {
    if (name.equals("read-barrier")) {
      return Behaviors.setup(
          context -> {
            barriers.put(member, context.getSelf().unsafeUpcast());
            return behavior;
          });
    }
    return name.equals("applier")
        ? Behaviors.setup(context -> late(member, behavior, context.getSelf().unsafeUpcast()))
        : behavior;
  }

  private <T> Behavior<T> late(SimMember member, Behavior<T> behavior, ActorRef<Object> self) {
    World world = member.cluster().world();
    SimProcess process = member.process();
    Applier.Install[] waiting = new Applier.Install[1];
    return Tap.of(
        behavior,
        (message, next) -> {
          if (!(message instanceof Applier.Install install) || message == waiting[0]) {
            next.accept(message);
            return;
          }
          waiting[0] = install;
          ActorRef<Object> barrier = barriers.get(member);
          long index = install.machine().appliedIndex();
          for (int time = 0; time < TIMES; time++) {
            world.after(
                time * STEP_NANOS,
                () -> process.execute(() -> barrier.tell(new ReadBarrier.AppliedUpTo(index))));
          }
          world.after(TIMES * STEP_NANOS, () -> process.execute(() -> self.tell(install)));
        });
  }
}
