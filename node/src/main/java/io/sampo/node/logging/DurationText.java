package io.sampo.node.logging;

import java.math.BigDecimal;

/** Durations as Go prints them, and so etcd's log lines. */
public final class DurationText {
  private DurationText() {}

  /**
   * The shortest exact form, as Go's {@code Duration.String} gives it: {@code 1h0m0s}, {@code
   * 1.5s}, {@code 100ms}.
   */
  public static String format(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    BigDecimal magnitude = BigDecimal.valueOf(nanos).abs();
    String sign = nanos < 0 ? "-" : "";
    if (magnitude.longValue() > 0 && magnitude.longValue() < 1_000_000_000L) {
      long small = magnitude.longValue();
      int digits = small < 1_000 ? 0 : small < 1_000_000 ? 3 : 6;
      String unit = digits == 0 ? "ns" : digits == 3 ? "\u00b5s" : "ms";
      return sign + plain(magnitude.movePointLeft(digits)) + unit;
    }
    BigDecimal seconds = magnitude.movePointLeft(9);
    long whole = seconds.longValue();
    String rest = plain(seconds.remainder(BigDecimal.valueOf(60))) + "s";
    long minutes = whole / 60;
    if (minutes == 0) {
      return sign + rest;
    }
    return sign + (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + rest;
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
