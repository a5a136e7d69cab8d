package io.sampo.node.boot.flag;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Go's text form of a duration ({@code 1h2m3.5s}), as etcd's flags take it. */
public final class GoDuration {
  private static final Map<String, Long> NANOS_PER_UNIT =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "\u00b5s", 1_000L,
          "\u03bcs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /**
   * Nanoseconds of a text like {@code 300ms}, {@code -1.5h} or {@code 2h45m}; a bare number other
   * than 0 is refused.
   *
   * @throws GoSyntax.SyntaxException with the text of Go's {@code time.ParseDuration}
   */
  public static long parseNanos(String text) throws GoSyntax.SyntaxException {
    int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    if (text.substring(at).equals("0")) {
      return 0;
    }
    if (at == text.length()) {
      throw invalid(text);
    }
    BigDecimal sum = BigDecimal.ZERO;
    while (at < text.length()) {
      int unit = endOfNumber(text, at);
      int next = endOfUnit(text, unit);
      sum = sum.add(part(text, text.substring(at, unit), text.substring(unit, next)));
      at = next;
    }
    boolean negative = text.startsWith("-");
    // Go truncates each part; the sum of truncated parts differs by nanoseconds at most, and only
    // below one.
    BigDecimal nanos = negative ? sum.negate() : sum;
    if (sum.compareTo(negative ? MAX.add(BigDecimal.ONE) : MAX) > 0) {
      throw invalid(text);
    }
    return nanos.longValueExact();
  }

  private static BigDecimal part(String text, String number, String unit)
      throws GoSyntax.SyntaxException {
    if (number.isEmpty() || number.equals(".") || number.indexOf('.') != number.lastIndexOf('.')) {
      throw invalid(text);
    }
    if (unit.isEmpty()) {
      throw new GoSyntax.SyntaxException("time: missing unit in duration " + GoSyntax.quote(text));
    }
    Long scale = NANOS_PER_UNIT.get(unit);
    if (scale == null) {
      throw new GoSyntax.SyntaxException(
          "time: unknown unit " + GoSyntax.quote(unit) + " in duration " + GoSyntax.quote(text));
    }
    return new BigDecimal(number)
        .multiply(BigDecimal.valueOf(scale))
        .setScale(0, RoundingMode.DOWN);
  }

  private static int endOfNumber(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == '.' || isDigit(text.charAt(at)))) {
      at++;
    }
    return at;
  }

  private static int endOfUnit(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '.' && !isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static GoSyntax.SyntaxException invalid(String text) {
    return new GoSyntax.SyntaxException("time: invalid duration " + GoSyntax.quote(text));
  }
}
