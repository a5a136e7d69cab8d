package io.sampo.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class CollectionsTest {
  private final Collections collections = new Collections(Set.of("Eden"));

  @Test
  void nothingIsKnownBeforeTheFirst() {
    assertEquals(new Collections.Summary(0, 0, 0, 0), collections.summary());
    assertTrue(Double.isNaN(collections.quantile(0.5)));
    assertEquals(70, collections.allocatedTotal(70));
  }

  @Test
  void pausesAreCountedAndSummed() {
    for (int pause : new int[] {4, 1, 3, 2, 5}) {
      collections.collected(pause, 1_000 + pause, 0, 0);
    }
    assertEquals(5, collections.summary().count());
    assertEquals(0.015, collections.summary().sumSeconds(), 1e-9);
    assertEquals(0.005, collections.summary().longestSeconds());
    assertEquals(1_005, collections.summary().endMillis());
    assertEquals(0.001, collections.quantile(0));
    assertEquals(0.002, collections.quantile(0.25));
    assertEquals(0.003, collections.quantile(0.5));
    assertEquals(0.005, collections.quantile(1));
  }

  @Test
  void quantilesForgetAndTheLongestDoesNot() {
    collections.collected(900, 0, 0, 0);
    for (int i = 0; i < Collections.REMEMBERED; i++) {
      collections.collected(2, 0, 0, 0);
    }
    assertEquals(0.002, collections.quantile(1));
    assertEquals(0.9, collections.summary().longestSeconds());
  }

  @Test
  void whatWasAllocatedIsTheGrowthBetweenCollections() {
    collections.collected(1, 0, 100, 30);
    collections.collected(1, 0, 110, 40);
    assertEquals(100 + 80 + 5, collections.allocatedTotal(45));
  }

  @Test
  void whatWasAllocatedNeverShrinks() {
    assertEquals(90, collections.allocatedTotal(90));
    collections.collected(1, 0, 80, 10);
    assertEquals(90, collections.allocatedTotal(10));
  }
}
