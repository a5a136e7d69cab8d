package io.sampo.tests.sim.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import scala.Function0;
import scala.concurrent.BlockContext;
import scala.concurrent.CanAwait;
import scala.concurrent.ExecutionContext;

/**
 * One operating system process: everything its actors do comes through here. It can be crashed,
 * which is a power cut (nothing of it ever runs again), and paused. Its clocks run at its own rate.
 */
public final class SimProcess implements ExecutionContext, BlockContext {
  /** The process whose actor system is being made; a scheduler finds its process here. */
  private static final ThreadLocal<SimProcess> STARTING = new ThreadLocal<>();

  private final World world;
  private final String name;
  private final int number;
  private final double clockRate;
  private final long clockOffsetNanos;
  private final List<Runnable> parked = new ArrayList<>();
  private boolean crashed;
  private boolean paused;
  private long pausedAtNanos;
  private long lastPauseNanos;

  /**
   * @param clockRate local nanoseconds in one of the world's
   * @param clockOffsetNanos what its clocks show at the world's beginning
   */
  public SimProcess(World world, String name, double clockRate, long clockOffsetNanos) {
    this.world = world;
    this.name = name;
    this.number = world.nextProcessNumber();
    this.clockRate = clockRate;
    this.clockOffsetNanos = clockOffsetNanos;
  }

  static SimProcess starting() {
    return STARTING.get();
  }

  /**
   * Starts an actor system in this process.
   *
   * @param extra found again by {@code system.settings().setup()}, such as the disk by the journal
   */
  public <T> ActorSystem<T> start(Behavior<T> guardian, Setup extra) {
    return inside(
        () -> {
          STARTING.set(this);
          try {
            return ActorSystem.create(
                guardian,
                name,
                ActorSystemSetup.create(
                    BootstrapSetup.create(SimSettings.pekko())
                        .withClassloader(SimClassLoader.INSTANCE)
                        .withDefaultExecutionContext(this),
                    extra));
          } finally {
            STARTING.remove();
          }
        });
  }

  /** Calls into the process from outside, as a connection's thread would. */
  public <T> T inside(Supplier<T> body) {
    return BlockContext.withBlockContext(this, body::get);
  }

  void run(Runnable work) {
    BlockContext.withBlockContext(
        this,
        () -> {
          work.run();
          return null;
        });
  }

  /** False if this is not the time for it; a paused process does it later. */
  boolean takesSteps(Runnable work) {
    if (paused && !crashed) {
      parked.add(work);
    }
    return !paused && !crashed;
  }

  @Override
  public void execute(Runnable work) {
    if (crashed) {
      return;
    }
    if (paused) {
      parked.add(work);
    } else {
      world.makeReady(this, work);
    }
  }

  /** Nothing of it runs any more, now and for ever. */
  public void crash() {
    crashed = true;
    parked.clear();
  }

  public boolean isCrashed() {
    return crashed;
  }

  /** Its time goes on, but it does nothing: SIGSTOP. */
  public void pause() {
    if (!paused) {
      pausedAtNanos = world.nowNanos();
    }
    paused = true;
  }

  /** How long the last pause took; 0 if there was none. */
  public long lastPauseNanos() {
    return lastPauseNanos;
  }

  /** SIGCONT. */
  public void resume() {
    if (paused) {
      lastPauseNanos = world.nowNanos() - pausedAtNanos;
    }
    paused = false;
    List<Runnable> work = List.copyOf(parked);
    parked.clear();
    work.forEach(this::execute);
  }

  public boolean isPaused() {
    return paused;
  }

  /** Its monotonic clock. */
  public long nanoTime() {
    return clockOffsetNanos + (long) (world.nowNanos() * clockRate);
  }

  SimTimer schedule(long localNanos, Runnable work, ExecutionContext executor) {
    long nanos = (long) Math.ceil(Math.max(0, localNanos) / clockRate);
    return world.schedule(this, nanos, executor == this ? work : () -> executor.execute(work));
  }

  public String name() {
    return name;
  }

  int number() {
    return number;
  }

  @Override
  public void reportFailure(Throwable cause) {
    if (!(cause instanceof PowerCut)) {
      world.breakdown(name + ": " + cause);
    }
  }

  /** Pekko blocks while it starts: what it waits for is among the tasks of this process. */
  @Override
  public <T> T blockOn(Function0<T> wait, CanAwait permission) {
    world.drainOnly(this);
    return wait.apply();
  }
}
