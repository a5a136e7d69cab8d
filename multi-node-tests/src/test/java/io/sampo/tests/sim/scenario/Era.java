package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.check.CommittedLog;
import io.sampo.tests.sim.check.NoLeak;
import io.sampo.tests.sim.check.Violations;
import io.sampo.tests.sim.client.Caller;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SavedState;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.kernel.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One cluster, its clients, its faults and its checks for a while; then all faults end, and it must
 * come together, serve, and still hold everything that was acknowledged.
 */
final class Era {
  private static final long SECOND = 1_000_000_000L;

  private static final long LOOK_NANOS = SECOND / 40;

  private final Parameters parameters;
  private final World world;
  private final Violations violations;
  private final Timeline timeline;
  private final CommittedLog committed;
  private final Checks checks;
  private final NoLeak noLeak;
  private final SimCluster cluster;
  private final Caller caller;
  private final FaultInjector faults;
  private final Striker striker;
  private final Clients clients;

  /**
   * @param name goes before the names of its clients
   * @param parameters its own, also where an earlier era had others
   * @param committed what is known of its state so far
   * @param restored where its members' state comes from; empty if they begin with nothing
   */
  Era(
      String name,
      Parameters parameters,
      Stage stage,
      Path directory,
      CommittedLog committed,
      Optional<SavedState> restored) {
    this.parameters = parameters;
    this.committed = committed;
    world = stage.world();
    violations = stage.violations();
    timeline = stage.timeline();
    checks = new Checks(violations, committed);
    noLeak = new NoLeak(world);
    striker = new Striker(world, parameters.strikes(), timeline);
    List<Observer> observers = new ArrayList<>(checks.observers());
    observers.add(timeline);
    observers.add(striker);
    cluster =
        new SimCluster(
            world,
            stage.probes(),
            parameters.cluster(),
            stage.mutation(),
            new Observers(observers),
            directory,
            restored,
            (member, cause) -> violations.report("a member ended", member + ": " + cause));
    caller =
        new Caller(
            world,
            call -> {
              checks.onCall(call);
              timeline.onCall(call);
            });
    faults = new FaultInjector(cluster, parameters.faults(), timeline);
    clients = new Clients(name, parameters, cluster, caller, checks);
  }

  /** Runs all of it, until something is found. */
  void run() {
    await("the members' disks are prepared", SECOND, cluster::isPrepared);
    cluster.start();
    faults.start();
    striker.start(cluster);
    clients.start();
    world.runUntil(violations::any, parameters.swarmNanos());
    if (!violations.any()) {
      converge();
    }
    if (!violations.any()) {
      checks.atEnd(cluster);
    }
  }

  /**
   * The state of a member, as a client saves it, with all that is committed: members that came back
   * know that only when somebody leads again.
   */
  SavedState save() {
    SavedState saved;
    long last;
    do {
      await("a member has applied everything", patience(), () -> informed().isPresent());
      last = committed.lastIndex();
      saved = new SavedState();
      informed().ifPresent(saved::takeFrom);
      await("a snapshot is saved", SECOND, saved::isComplete);
    } while (committed.lastIndex() != last && !violations.any());
    return saved;
  }

  private Optional<SimMember> informed() {
    return upMembers()
        .filter(member -> member.state().appliedIndex() == committed.lastIndex())
        .findFirst();
  }

  private long patience() {
    return 20 * parameters.cluster().longestElectionNanos() + 20 * SECOND;
  }

  /** Its members end for good. */
  void end() {
    cluster.end();
  }

  private void converge() {
    striker.stop();
    faults.heal();
    clients.stop();
    long patience = patience();
    await("the clients' last calls are over", patience, clients::areIdle);
    await("every added member was started", patience, this::allJoined);
    await("every removed member has ended", patience, this::removedHaveLeft);
    await("every member serves", patience, this::allServe);
    await("every lease is gone that nobody renews", patience, this::noLeases);
    await("every member has applied everything", patience, this::allApplied);
    await("every watcher has heard of everything", patience, this::allHeard);
    clients.stopWatching();
    await("nothing is left of the clients", patience, this::nothingLeft);
    // Members go on talking of themselves: what one has committed meanwhile the others get, too.
    await("every member has applied everything", patience, this::allApplied);
    upMembers()
        .filter(member -> !noLeak.holds(member))
        .forEach(member -> timeline.line("left", noLeak.describe(member)));
  }

  private void await(String what, long nanos, BooleanSupplier condition) {
    long end = world.nowNanos() + nanos;
    boolean reached = condition.getAsBoolean();
    while (!reached && !violations.any() && world.nowNanos() < end) {
      world.runFor(LOOK_NANOS);
      // Who was added may be known only now: who came back learns late what it had committed.
      cluster.startAdded();
      reached = condition.getAsBoolean();
    }
    if (!reached && !violations.any()) {
      violations.report("liveness", "never, although all is well: " + what);
    }
  }

  private boolean allJoined() {
    return cluster.membership().memberList().stream()
        .allMatch(known -> cluster.members().stream().anyMatch(each -> each.id() == known.id()));
  }

  private boolean removedHaveLeft() {
    cluster.redial();
    return upMembers().allMatch(member -> !cluster.membership().removed().contains(member.id()));
  }

  private boolean noLeases() {
    return upMembers().allMatch(member -> member.state().leases().toList().isEmpty());
  }

  private boolean allHeard() {
    return checks.watches().watchers() == clients.watchers() && checks.watches().allHeard();
  }

  private boolean nothingLeft() {
    return upMembers().allMatch(noLeak::holds);
  }

  private Stream<SimMember> upMembers() {
    return cluster.members().stream().filter(SimMember::isUp);
  }

  private boolean allServe() {
    return cluster.leader().isPresent()
        && cluster.members().stream()
            .filter(member -> !member.isLost() && !member.isRemoved())
            .allMatch(
                member ->
                    member.isServing()
                        && member.status().leaderId() == cluster.leader().get().id());
  }

  private boolean allApplied() {
    return allServe()
        && upMembers().allMatch(member -> member.state().appliedIndex() >= committed.lastIndex());
  }

  CommittedLog committed() {
    return committed;
  }

  long messages() {
    return cluster.network().messages();
  }

  long calls() {
    return caller.calls();
  }

  long answers() {
    return checks.answers();
  }

  long faults() {
    return faults.injected() + striker.strikes();
  }
}
