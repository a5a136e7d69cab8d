package io.sampo.tests.faults;

import io.sampo.tests.faults.Fault.Action;
import io.sampo.tests.faults.Fault.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which faults a round has. */
final class FaultPlan {
  private static final Duration ALL_AT_ONCE = Duration.ofMillis(300);

  private FaultPlan() {}

  /** Each kind of fault once, in some order, some seconds each: longer than an election. */
  static List<Fault> each(RandomGenerator random) {
    List<Fault> faults = new ArrayList<>();
    for (Action action : Action.values()) {
      switch (action) {
        case LAG, SLOW -> insert(faults, random, action, Target.FOLLOWER);
        case RESET -> insert(faults, random, action, Target.ALL);
        default -> {
          insert(faults, random, action, Target.LEADER);
          insert(faults, random, action, Target.FOLLOWER);
        }
      }
    }
    faults.add(random.nextInt(faults.size() + 1), new Fault(Action.KILL, Target.ALL, ALL_AT_ONCE));
    return faults;
  }

  private static void insert(
      List<Fault> faults, RandomGenerator random, Action action, Target target) {
    Duration length = Duration.ofMillis(1_200 + random.nextInt(1_200));
    faults.add(random.nextInt(faults.size() + 1), new Fault(action, target, length));
  }

  /** Any fault that leaves a chance, up to ten seconds: longer than peers wait for each other. */
  static Fault any(RandomGenerator random, int members) {
    Action action = Action.values()[random.nextInt(Action.values().length)];
    Target target = Target.values()[random.nextInt(Target.values().length)];
    if (action == Action.LAG && (target == Target.ALL || members < 3)) {
      target = Target.FOLLOWER;
    }
    int longest = random.nextInt(4) == 0 ? 10_000 : 3_000;
    return new Fault(action, target, Duration.ofMillis(200 + random.nextInt(longest)));
  }
}
