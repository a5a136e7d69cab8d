package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
  private final List<String> events = new ArrayList<>();
  private final ConnectionLimit limit = new ConnectionLimit(2, () -> events.add("full"));

  private void take(String name) {
    limit.take(() -> events.add(name));
  }

  @Test
  void whoComesWhenAllPlacesAreTakenWaitsForTheNext() {
    take("a");
    take("b");
    take("c");
    assertEquals(List.of("a", "b", "full"), events);
    limit.release();
    assertEquals(List.of("a", "b", "full", "c"), events);
  }

  @Test
  void aPlaceThatIsGivenBackIsFree() {
    take("a");
    take("b");
    limit.release();
    take("c");
    assertEquals(List.of("a", "b", "c"), events);
  }

  @Test
  void thereIsAlwaysAPlace() {
    assertTrue(ConnectionLimit.byFiles() >= 1);
  }
}
