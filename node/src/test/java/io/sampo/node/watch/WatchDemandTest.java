package io.sampo.node.watch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WatchDemandTest {
  private final WatchDemand demand = new WatchDemand();

  @Test
  void aSessionThatFindsItIsNotTold() {
    assertFalse(demand.pull());
    assertTrue(demand.isThere());
    assertTrue(demand.isThere(), "to ask does not take it");
    demand.take();
    assertFalse(demand.pull());
    assertTrue(demand.isThere());
  }

  @Test
  void aSessionThatMissesItIsToldOnce() {
    assertFalse(demand.isThere());
    assertFalse(demand.isThere());
    assertTrue(demand.pull());
    assertTrue(demand.isThere());
    demand.take();
    assertFalse(demand.pull());
  }
}
