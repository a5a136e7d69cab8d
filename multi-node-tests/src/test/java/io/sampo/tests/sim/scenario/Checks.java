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
import io.sampo.tests.sim.check.OneChange;
import io.sampo.tests.sim.check.PermissionsHold;
import io.sampo.tests.sim.check.StateMachineSafety;
import io.sampo.tests.sim.check.Violations;
import io.sampo.tests.sim.check.VotersOnly;
import io.sampo.tests.sim.check.WatchGuarantees;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.CallListener;
import io.sampo.tests.sim.client.UserListener;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SimCluster;
import java.util.ArrayList;
import java.util.List;

/** All checks of an era. */
final class Checks implements CallListener {
  private final DurableLogs logs = new DurableLogs();
  private final Memberships memberships = new Memberships();
  private final Linearizability linearizability;
  private final WatchGuarantees watches;
  private final LeaseTimes leases;
  private final MutualExclusion locks;
  private final PermissionsHold permissions;
  private final List<Check> all;

  Checks(Violations violations, CommittedLog committed) {
    linearizability = new Linearizability(violations, committed);
    watches = new WatchGuarantees(violations, committed);
    leases = new LeaseTimes(violations, committed);
    locks = new MutualExclusion(violations, committed);
    permissions = new PermissionsHold(violations, committed);
    all =
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
            locks,
            permissions);
  }

  /** Those that see what members do, in order: first what the checks themselves look up. */
  List<Observer> observers() {
    List<Observer> observers = new ArrayList<>(List.of(logs, memberships));
    observers.addAll(all);
    return observers;
  }

  @Override
  public void onCall(Call call) {
    linearizability.onCall(call);
    leases.onCall(call);
    locks.onCall(call);
  }

  /** All faults are over, and nothing more is asked. */
  void atEnd(SimCluster cluster) {
    all.forEach(check -> check.atEnd(cluster));
  }

  WatchGuarantees watches() {
    return watches;
  }

  /** Hears what users get. */
  UserListener permissions() {
    return permissions;
  }

  /** How many answers were checked for linearizability. */
  long answers() {
    return linearizability.answers();
  }
}
