package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.check.AppliedDurable;
import io.sampo.tests.sim.check.Check;
import io.sampo.tests.sim.check.CommitIsSafe;
import io.sampo.tests.sim.check.CommittedLog;
import io.sampo.tests.sim.check.DurableLogs;
import io.sampo.tests.sim.check.ElectionSafety;
import io.sampo.tests.sim.check.LeaderCompleteness;
import io.sampo.tests.sim.check.LeaseTimes;
import io.sampo.tests.sim.check.Linearizability;
import io.sampo.tests.sim.check.LogMatching;
import io.sampo.tests.sim.check.Memberships;
import io.sampo.tests.sim.check.MutualExclusion;
import io.sampo.tests.sim.check.NoLeak;
import io.sampo.tests.sim.check.OneChange;
import io.sampo.tests.sim.check.StateMachineSafety;
import io.sampo.tests.sim.check.Violations;
import io.sampo.tests.sim.check.VotersOnly;
import io.sampo.tests.sim.check.WatchGuarantees;
import io.sampo.tests.sim.client.Caller;
import io.sampo.tests.sim.client.HastyClient;
import io.sampo.tests.sim.client.KeyClient;
import io.sampo.tests.sim.client.LeaseClient;
import io.sampo.tests.sim.client.LockClient;
import io.sampo.tests.sim.client.Operator;
import io.sampo.tests.sim.client.WatchClient;
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
  private final Linearizability linearizability;
  private final WatchGuarantees watches;
  private final LeaseTimes leases;
  private final NoLeak noLeak;
  private final List<Check> checks;
  private final SimCluster cluster;
  private final Caller caller;
  private final FaultInjector faults;
  private final Striker striker;
  private final List<KeyClient> keyClients = new ArrayList<>();
  private final List<WatchClient> watchClients = new ArrayList<>();
  private final List<LeaseClient> leaseClients = new ArrayList<>();
  private final List<LockClient> lockClients = new ArrayList<>();
  private final List<Operator> operators = new ArrayList<>();
  private final List<HastyClient> hastyClients = new ArrayList<>();

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
    linearizability = new Linearizability(violations, committed);
    watches = new WatchGuarantees(violations, committed);
    leases = new LeaseTimes(violations, committed);
    noLeak = new NoLeak(world);
    MutualExclusion locks = new MutualExclusion(violations, committed);
    DurableLogs logs = new DurableLogs();
    Memberships memberships = new Memberships();
    checks =
        List.of(
            new StateMachineSafety(violations, committed),
            new VotersOnly(violations, logs, memberships),
            new CommitIsSafe(violations, logs, memberships),
            new OneChange(violations, logs),
            new AppliedDurable(violations, logs),
            new ElectionSafety(violations),
            new LogMatching(violations),
            new LeaderCompleteness(violations, committed),
            linearizability,
            watches,
            leases,
            locks);
    striker = new Striker(world, parameters.strikes(), timeline);
    List<Observer> observers = new ArrayList<>(List.of(logs, memberships));
    observers.addAll(checks);
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
              linearizability.onCall(call);
              leases.onCall(call);
              locks.onCall(call);
              timeline.onCall(call);
            });
    faults = new FaultInjector(cluster, parameters.faults(), timeline);
    for (int i = 0; i < parameters.keyClients(); i++) {
      keyClients.add(new KeyClient(name + "c" + i, cluster, caller, parameters.habits()));
    }
    for (int i = 0; i < parameters.watchClients(); i++) {
      watchClients.add(new WatchClient(name + "w" + i, cluster, caller, watches));
    }
    for (int i = 0; i < parameters.leaseClients(); i++) {
      leaseClients.add(new LeaseClient(name + "l" + i, cluster, caller));
    }
    for (int i = 0; i < parameters.lockClients(); i++) {
      lockClients.add(new LockClient(name + "k" + i, cluster, caller));
    }
    if (parameters.changePauseNanos() > 0) {
      boolean rot = parameters.faults().loses();
      operators.add(new Operator(cluster, caller, parameters.changePauseNanos(), rot));
    }
    for (int i = 0; i < parameters.hastyClients(); i++) {
      hastyClients.add(
          new HastyClient(name + "h" + i, cluster, caller, parameters.readPauseNanos()));
    }
  }

  /** Runs all of it, until something is found. */
  void run() {
    await("the members' disks are prepared", SECOND, cluster::isPrepared);
    cluster.start();
    faults.start();
    striker.start(cluster);
    keyClients.forEach(KeyClient::start);
    watchClients.forEach(WatchClient::start);
    leaseClients.forEach(LeaseClient::start);
    hastyClients.forEach(HastyClient::start);
    operators.forEach(Operator::start);
    lockClients.forEach(LockClient::start);
    world.runUntil(violations::any, parameters.swarmNanos());
    if (!violations.any()) {
      converge();
    }
    if (!violations.any()) {
      checks.forEach(check -> check.atEnd(cluster));
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
    hastyClients.forEach(HastyClient::stop);
    operators.forEach(Operator::stop);
    lockClients.forEach(LockClient::stop);
    keyClients.forEach(KeyClient::stop);
    leaseClients.forEach(LeaseClient::stop);
    watchClients.forEach(WatchClient::calmDown);
    long patience = patience();
    await("the clients' last calls are over", patience, this::allIdle);
    await("every added member was started", patience, this::allJoined);
    await("every removed member has ended", patience, this::removedHaveLeft);
    await("every member serves", patience, this::allServe);
    await("every lease is gone that nobody renews", patience, this::noLeases);
    await("every member has applied everything", patience, this::allApplied);
    await("every watcher has heard of everything", patience, this::allHeard);
    watchClients.forEach(WatchClient::stop);
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

  private boolean allIdle() {
    return keyClients.stream().allMatch(KeyClient::isIdle)
        && leaseClients.stream().allMatch(LeaseClient::isIdle)
        && hastyClients.stream().allMatch(HastyClient::isIdle)
        && operators.stream().allMatch(Operator::isIdle)
        && lockClients.stream().allMatch(LockClient::isIdle);
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
    return watches.watchers() == watchClients.size() && watches.allHeard();
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
    return linearizability.answers();
  }

  long faults() {
    return faults.injected() + striker.strikes();
  }
}
