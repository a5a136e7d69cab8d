package io.sampo.node.metrics;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Numbers as Go's Prometheus client writes them: {@code strconv}'s format {@code 'g'} with the
 * fewest digits that tell the number. A bucket of {@code le="1.0"} would be another series than
 * {@code le="1"}.
 */
final class GoFloats {
  private static final int SMALLEST_PLAIN_EXPONENT = -4;
  private static final int SMALLEST_LARGE_EXPONENT = 6;

  private GoFloats() {}

  static String of(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal shortest = shortest(value);
    int exponent = shortest.precision() - shortest.scale() - 1;
    return exponent < SMALLEST_PLAIN_EXPONENT || exponent >= SMALLEST_LARGE_EXPONENT
        ? scientific(shortest, exponent)
        : shortest.toPlainString();
  }

  /** Before Java 19 {@code Double.toString} gives a digit too many for some numbers. */
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    BigDecimal shorter = shorter(decimal);
    while (shorter.doubleValue() == value && shorter.precision() < decimal.precision()) {
      decimal = shorter;
      shorter = shorter(decimal);
    }
    return decimal;
  }

  private static BigDecimal shorter(BigDecimal decimal) {
    return decimal
        .round(new MathContext(Math.max(1, decimal.precision() - 1)))
        .stripTrailingZeros();
  }

  private static String scientific(BigDecimal shortest, int exponent) {
    String digits = shortest.unscaledValue().abs().toString();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    String size = Math.abs(exponent) < 10 ? "0" : "";
    return (shortest.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + fraction
        + (exponent < 0 ? "e-" : "e+")
        + size
        + Math.abs(exponent);
  }
}
