package io.sampo.protocol.timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    "6000n,6000",
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
  @ValueSource(strings = {"1n", "999n"})
  void aSpanBelowAMicrosecondIsOver(String header) {
    assertEquals(-1, GrpcTimeout.parseNanos(header));
    assertTrue(GrpcTimeout.parseGateway(header).orElseThrow().isNegative());
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999H", "2401H", "99999999S"})
  void aSpanThatNoSchedulerTakesIsNoLimit(String header) {
    assertEquals(0, GrpcTimeout.parseNanos(header));
  }

  /** Numbers that etcd 3.7.1 answers: their product wraps around, to a deadline or to none. */
  @ParameterizedTest
  @ValueSource(strings = {"999999999H", "99999999M", "2401H", "999999999999999999H"})
  void inTheGatewayNumbersWrapAroundAsInGo(String header) {
    assertEquals(Optional.empty(), GrpcTimeout.parseGateway(header));
    assertTrue(GrpcTimeout.parseGateway("99999999H").orElseThrow().isNegative());
    assertTrue(GrpcTimeout.parseGateway("-1S").orElseThrow().isNegative());
    assertEquals(Optional.of(Duration.ofSeconds(1)), GrpcTimeout.parseGateway("+1S"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S", "5", "5x", "--5S", "1.5S", "9223372036854775808S"})
  void anythingElseIsMalformed(String header) {
    assertThrows(IllegalArgumentException.class, () -> GrpcTimeout.parseNanos(header));
    assertThrows(IllegalArgumentException.class, () -> GrpcTimeout.parseGateway(header));
  }

  /** The characters of a header are octets, which need not be UTF-8. */
  @ParameterizedTest
  @CsvSource({"\u00e9, \\xe9", "\u00c3\u00a9, \u00e9", "a\"b, a\\\"b"})
  void octetsAreShownAsGoShowsThem(String octets, String shown) {
    var e =
        assertThrows(IllegalArgumentException.class, () -> GrpcTimeout.parseNanos(octets + "S"));
    assertTrue(e.getMessage().endsWith("parsing \"" + shown + "\": invalid syntax"), e::getMessage);
  }

  @Test
  void onlyTheGatewayTakesMoreThanEightDigits() {
    assertThrows(IllegalArgumentException.class, () -> GrpcTimeout.parseNanos("123456789u"));
    assertEquals(
        Optional.of(Duration.ofNanos(123_456_789_000L)), GrpcTimeout.parseGateway("123456789u"));
  }
}
