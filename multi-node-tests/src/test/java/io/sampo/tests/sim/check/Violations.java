package io.sampo.tests.sim.check;

import io.sampo.tests.sim.kernel.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** What was found in one history, in order. */
public final class Violations {
  private static final int MAX_KEPT = 20;

  private final LongSupplier nanoTime;
  private final List<String> found = new ArrayList<>();

  public Violations(World world) {
    this(world::nowNanos);
  }

  public Violations(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Reports once per history and check text; a broken history breaks everything after it. */
  public void report(String check, String what) {
    if (found.size() < MAX_KEPT) {
      found.add("%.6f s  %s: %s".formatted(nanoTime.getAsLong() / 1e9, check, what));
    }
  }

  public boolean any() {
    return !found.isEmpty();
  }

  public List<String> found() {
    return found;
  }
}
