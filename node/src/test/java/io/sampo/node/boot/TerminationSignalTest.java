package io.sampo.node.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TerminationSignalTest {
  @Test
  void theHandlersThreadTellsTheSignal() {
    assertEquals(
        Optional.of(TerminationSignal.INT),
        TerminationSignal.of(Stream.of("main", "SIGINT handler", "stop")));
    assertEquals(Optional.empty(), TerminationSignal.of(Stream.of("main", "DestroyJavaVM")));
  }

  @Test
  void withoutASignalNoneIsSeen() {
    assertEquals(Optional.empty(), TerminationSignal.received());
  }
}
