package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.check.CommittedLog;
import io.sampo.tests.sim.check.Violations;
import io.sampo.tests.sim.cluster.Mutation;
import io.sampo.tests.sim.cluster.SavedState;
import io.sampo.tests.sim.fault.Probe;
import io.sampo.tests.sim.fault.Probes;
import io.sampo.tests.sim.kernel.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * One history: a cluster with everything that may happen to it; and in some of them, after its end,
 * another one that was restored from what the first one had.
 */
public final class History {
  private final long seed;
  private final Parameters parameters;
  private final Stage stage;
  private final Path directory;
  private final List<Era> eras = new ArrayList<>();

  private History(long seed, Mutation mutation, Consumer<String> lines, Path directory) {
    this.seed = seed;
    this.directory = directory;
    parameters = Parameters.of(seed);
    World world = new World(seed);
    stage =
        new Stage(world, new Probes(), new Violations(world), new Timeline(world, lines), mutation);
  }

  /** Runs the history that the seed stands for. */
  public static Outcome run(long seed) {
    return run(seed, Mutation.NOTHING, null);
  }

  /**
   * Runs it with a known bug in it.
   *
   * @param lines takes the timeline; null for none
   */
  public static Outcome run(long seed, Mutation mutation, Consumer<String> lines) {
    try (ScratchDirectory directory = new ScratchDirectory()) {
      return new History(seed, mutation, lines, directory.path()).run();
    }
  }

  private Outcome run() {
    World world = stage.world();
    Violations violations = stage.violations();
    Timeline timeline = stage.timeline();
    timeline.line("seed", seed + ": " + parameters);
    try {
      Era first =
          era("", parameters, "first", new CommittedLog(world, violations), Optional.empty());
      if (!violations.any() && parameters.restoredMembers() > 0) {
        restore(first);
      }
    } catch (RuntimeException e) {
      violations.report("the simulation broke", e.toString());
      timeline.line("broken", e + " at " + List.of(e.getStackTrace()));
    }
    world.breakdowns().forEach(what -> violations.report("the machinery broke", what));
    violations.found().forEach(found -> timeline.line("FOUND", found));
    return outcome();
  }

  private void restore(Era before) {
    SavedState saved = before.save();
    before.end();
    Parameters after = parameters.afterRestore();
    int members = after.cluster().members();
    stage.timeline().fault("all members are gone; " + members + " are restored from a snapshot");
    stage.probes().hit(Probe.CLUSTER_RESTORED_FROM_A_SNAPSHOT);
    CommittedLog committed = before.committed().restored(members);
    era("r", after, "restored", committed, Optional.of(saved));
  }

  private Era era(
      String name,
      Parameters its,
      String subdirectory,
      CommittedLog committed,
      Optional<SavedState> restored) {
    Era era = new Era(name, its, stage, directory.resolve(subdirectory), committed, restored);
    eras.add(era);
    era.run();
    return era;
  }

  private long sum(ToLongFunction<Era> count) {
    return eras.stream().mapToLong(count).sum();
  }

  private Outcome outcome() {
    return new Outcome(
        seed,
        parameters.cluster().members(),
        stage.violations().found(),
        stage.world().trace().value(),
        stage.world().nowNanos(),
        stage.world().steps(),
        sum(Era::messages),
        sum(Era::calls),
        sum(Era::answers),
        sum(era -> era.committed().lastIndex()),
        sum(Era::faults),
        stage.probes());
  }
}
