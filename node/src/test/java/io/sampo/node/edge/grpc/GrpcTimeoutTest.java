package io.sampo.node.edge.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTimeoutTest {

  @ParameterizedTest
  @CsvSource({
    "1H,3600000000000",
    "2M,120000000000",
    "3S,3000000000",
    "4m,4000000",
    "50u,50000",
    "60000n,60000",
    "2400H,8640000000000000"
  })
  void everyUnitIsRead(String header, long nanos) {
    assertEquals(nanos, GrpcTimeout.parseNanos(header));
  }

  @Test
  void zeroIsADeadlineAndNotTheLackOfOne() {
    assertEquals(-1, GrpcTimeout.parseNanos("0n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1n", "1u", "9u"})
  void aSpanTooShortForAnyAnswerIsOver(String header) {
    assertEquals(-1, GrpcTimeout.parseNanos(header));
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999H", "2401H", "99999999S"})
  void aSpanThatNoSchedulerTakesIsNoDeadline(String header) {
    assertEquals(0, GrpcTimeout.parseNanos(header));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S", "5", "5x", "-5S", "123456789S", "1.5S"})
  void anythingElseIsMalformed(String header) {
    assertThrows(IllegalArgumentException.class, () -> GrpcTimeout.parseNanos(header));
  }
}
