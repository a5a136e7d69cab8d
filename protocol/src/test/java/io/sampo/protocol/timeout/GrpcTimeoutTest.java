package io.sampo.protocol.timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Optional;
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
    "5u,5000",
    "6n,6",
    "2400H,8640000000000000"
  })
  void everyUnitIsRead(String header, long nanos) {
    assertEquals(nanos, GrpcTimeout.parseNanos(header));
    assertEquals(Optional.of(Duration.ofNanos(nanos)), GrpcTimeout.parseGateway(header));
  }

  @Test
  void zeroIsOverInGrpcAndNoLimitInTheGateway() {
    assertEquals(-1, GrpcTimeout.parseNanos("0n"));
    assertEquals(Optional.empty(), GrpcTimeout.parseGateway("0S"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999H", "2401H", "99999999S"})
  void aSpanThatNoSchedulerTakesIsNoLimit(String header) {
    assertEquals(0, GrpcTimeout.parseNanos(header));
    assertEquals(Optional.empty(), GrpcTimeout.parseGateway(header));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S", "5", "5x", "-5S", "1.5S", "1234567890123456789S"})
  void anythingElseIsMalformed(String header) {
    assertThrows(IllegalArgumentException.class, () -> GrpcTimeout.parseNanos(header));
    assertThrows(IllegalArgumentException.class, () -> GrpcTimeout.parseGateway(header));
  }

  @Test
  void onlyTheGatewayTakesMoreThanEightDigits() {
    assertThrows(IllegalArgumentException.class, () -> GrpcTimeout.parseNanos("123456789u"));
    assertEquals(
        Optional.of(Duration.ofNanos(123_456_789_000L)), GrpcTimeout.parseGateway("123456789u"));
    assertEquals(Optional.empty(), GrpcTimeout.parseGateway("999999999999999999H"));
  }
}
