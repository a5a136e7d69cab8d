package io.sampo.tests.sim.check;

import io.sampo.tests.sim.kernel.World;
import java.util.ArrayList;
import java.util.List;

/** What was found in one history, in order. */
public final class Violations {
  private static final int MAX_KEPT = 20;

  private final World world;
  private final List<String> found = new ArrayList<>();

  public Violations(World world) {
    this.world = world;
  }

  /** Reports once per history and check text; a broken history breaks everything after it. */
  public void report(String check, String what) {
    if (found.size() < MAX_KEPT) {
      found.add("%.6f s  %s: %s".formatted(world.nowNanos() / 1e9, check, what));
    }
  }

  public boolean any() {
    return !found.isEmpty();
  }

  public List<String> found() {
    return found;
  }
}
