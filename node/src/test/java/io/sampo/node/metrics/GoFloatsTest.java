package io.sampo.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected texts are those of Go's {@code strconv.FormatFloat(f, 'g', -1, 64)}. */
class GoFloatsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1, 1",
    "-1, -1",
    "20000, 20000",
    "819200, 819200",
    "1048576, 1.048576e+06",
    "-1048576, -1.048576e+06",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "1E-7, 1e-07",
    "2.5, 2.5",
    "123456.789, 123456.789",
    "1000000, 1e+06",
    "1796056310.09, 1.79605631009e+09",
    "18446744073709551616, 1.8446744073709552e+19",
    "2E-323, 2e-323",
    "1E100, 1e+100",
    "2.0E-3, 0.002",
    "2E23, 2e+23",
    "NaN, NaN",
    "Infinity, +Inf",
    "-Infinity, -Inf"
  })
  void numbersAreWrittenAsGoWritesThem(double value, String text) {
    assertEquals(text, GoFloats.of(value));
  }
}
