package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.check.Check;
import io.sampo.tests.sim.check.CommittedLog;
import io.sampo.tests.sim.check.ElectionSafety;
import io.sampo.tests.sim.check.LeaderCompleteness;
import io.sampo.tests.sim.check.Linearizability;
import io.sampo.tests.sim.check.LogMatching;
import io.sampo.tests.sim.check.StateMachineSafety;
import io.sampo.tests.sim.check.Violations;
import io.sampo.tests.sim.client.Caller;
import io.sampo.tests.sim.client.KeyClient;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.Planted;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.fault.Probes;
import io.sampo.tests.sim.kernel.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One history: a cluster, its clients and its faults for a while; then all faults end, and it must
 * come together, serve, and still hold everything that was acknowledged.
 */
public final class History {
  private static final long SECOND = 1_000_000_000L;

  private final long seed;
  private final Parameters parameters;
  private final World world;
  private final Probes probes = new Probes();
  private final Violations violations;
  private final Timeline timeline;
  private final CommittedLog committed;
  private final Linearizability linearizability;
  private final List<Check> checks;
  private final SimCluster cluster;
  private final Caller caller;
  private final FaultInjector faults;
  private final List<KeyClient> keyClients = new ArrayList<>();

  private History(
      long seed, Planted planted, Consumer<String> lines, ScratchDirectory directory) {
    this.seed = seed;
    parameters = Parameters.of(seed);
    world = new World(seed);
    violations = new Violations(world);
    timeline = new Timeline(world, lines);
    committed = new CommittedLog(world, violations);
    linearizability = new Linearizability(violations, committed);
    checks =
        List.of(
            new StateMachineSafety(violations, committed),
            new ElectionSafety(violations),
            new LogMatching(violations),
            new LeaderCompleteness(violations, committed),
            linearizability);
    List<Observer> observers = new ArrayList<>(checks);
    observers.add(timeline);
    cluster =
        new SimCluster(
            world,
            probes,
            parameters.cluster(),
            planted,
            new Observers(observers),
            directory.path(),
            (member, cause) -> violations.report("a member ended", member + ": " + cause));
    caller =
        new Caller(
            world,
            call -> {
              linearizability.onCall(call);
              timeline.onCall(call);
            });
    faults = new FaultInjector(cluster, parameters.faults(), timeline);
    for (int i = 0; i < parameters.keyClients(); i++) {
      keyClients.add(new KeyClient("c" + i, cluster, caller, parameters.habits()));
    }
  }

  /** Runs the history that the seed stands for. */
  public static Outcome run(long seed) {
    return run(seed, Planted.NOTHING, null);
  }

  /**
   * Runs it with a known bug in it.
   *
   * @param lines takes the timeline; null for none
   */
  public static Outcome run(long seed, Planted planted, Consumer<String> lines) {
    try (ScratchDirectory directory = new ScratchDirectory()) {
      return new History(seed, planted, lines, directory).run();
    }
  }

  private Outcome run() {
    timeline.line("seed", seed + ": " + parameters);
    try {
      cluster.start();
      faults.start();
      keyClients.forEach(KeyClient::start);
      world.runUntil(violations::any, parameters.swarmNanos());
      if (!violations.any()) {
        converge();
      }
      if (!violations.any()) {
        checks.forEach(check -> check.atEnd(cluster));
      }
    } catch (RuntimeException e) {
      violations.report("the simulation broke", e.toString());
      timeline.line("broken", e + " at " + List.of(e.getStackTrace()));
    }
    world.breakdowns().forEach(what -> violations.report("the machinery broke", what));
    violations.found().forEach(found -> timeline.line("FOUND", found));
    return outcome();
  }

  private void converge() {
    faults.heal();
    keyClients.forEach(KeyClient::stop);
    long patience = 20 * parameters.cluster().longestElectionNanos() + 20 * SECOND;
    await("the clients' last calls are over", patience, this::allIdle);
    await("every member serves", patience, this::allServe);
    await("every member has applied everything", patience, this::allApplied);
  }

  private void await(String what, long nanos, java.util.function.BooleanSupplier condition) {
    boolean reached = world.runUntil(() -> violations.any() || condition.getAsBoolean(), nanos);
    if (!reached) {
      violations.report("liveness", "never, although all is well: " + what);
    }
  }

  private boolean allIdle() {
    return keyClients.stream().allMatch(KeyClient::isIdle);
  }

  private boolean allServe() {
    return cluster.leader().isPresent()
        && cluster.members().stream()
            .filter(member -> !member.isLost())
            .allMatch(
                member ->
                    member.isServing()
                        && member.status().leaderId() == cluster.leader().get().id());
  }

  private boolean allApplied() {
    return allServe()
        && cluster.members().stream()
            .filter(SimMember::isUp)
            .allMatch(member -> member.state().appliedIndex() >= committed.lastIndex());
  }

  private Outcome outcome() {
    return new Outcome(
        seed,
        violations.found(),
        world.trace().value(),
        world.nowNanos(),
        world.steps(),
        cluster.network().messages(),
        caller.calls(),
        linearizability.answers(),
        committed.lastIndex(),
        faults.injected(),
        probes);
  }
}
