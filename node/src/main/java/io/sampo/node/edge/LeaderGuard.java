package io.sampo.node.edge;

import io.sampo.protocol.error.EtcdError;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Ends the streams that asked for a leader when none was known at three looks in a row, an election
 * timeout apart (etcd 3.7.1, v3rpc/interceptor.go). To come back costs a client more than to wait,
 * hence the patience. One signal ends them all.
 */
public final class LeaderGuard implements StreamGuard {
  private static final int LOOKS = 3;

  private final BooleanSupplier hasLeader;
  private volatile SharedKillSwitch streams = newSwitch();

  private final Set<Consumer<Throwable>> calls = ConcurrentHashMap.newKeySet();

  /** Written by the behaviour only. */
  private int without;

  /** What the behaviour tells itself. */
  public enum Command {
    LOOK
  }

  public LeaderGuard(BooleanSupplier hasLeader) {
    this.hasLeader = hasLeader;
  }

  private static SharedKillSwitch newSwitch() {
    return KillSwitches.shared("leader-required");
  }

  @Override
  public Runnable watch(Consumer<Throwable> end) {
    calls.add(end);
    return () -> calls.remove(end);
  }

  /** Passes everything on until the leader has been missing for too long; then it fails. */
  public <T> Flow<T, T, NotUsed> flow() {
    return Flow.<T>create().via(streams.flow());
  }

  /**
   * Looks whether there is a leader. To be spawned once.
   *
   * @param electionTimeout from one look to the next
   */
  public Behavior<Command> looking(Duration electionTimeout) {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(Command.LOOK, electionTimeout);
          return Behaviors.receive(Command.class)
              .onMessageEquals(
                  Command.LOOK,
                  () -> {
                    look();
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private void look() {
    without = hasLeader.getAsBoolean() ? 0 : without + 1;
    if (without >= LOOKS) {
      SharedKillSwitch lost = streams;
      streams = newSwitch();
      lost.abort(EtcdError.NO_LEADER.exception());
      for (Consumer<Throwable> call : calls) {
        if (calls.remove(call)) {
          call.accept(EtcdError.NO_LEADER.exception());
        }
      }
    }
  }
}
