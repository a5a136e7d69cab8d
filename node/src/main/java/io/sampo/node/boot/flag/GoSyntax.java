package io.sampo.node.boot.flag;

import java.math.BigInteger;

/**
 * The spellings of Go's {@code strconv} that etcd's command line takes: integers with a base prefix
 * and underscores, booleans, and quoted strings in messages.
 */
public final class GoSyntax {
  private static final BigInteger MAX_UINT64 =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final BigInteger MAX_INT64 = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger MIN_INT64 = BigInteger.valueOf(Long.MIN_VALUE);

  private GoSyntax() {}

  /** Why a text is no value, in the words of the Go function that etcd would have called. */
  public static final class SyntaxException extends Exception {
    private final boolean range;

    SyntaxException(String message) {
      this(message, false);
    }

    SyntaxException(String message, boolean range) {
      super(message);
      this.range = range;
    }

    /** True if the text is a number, but outside of its type. */
    public boolean isRange() {
      return range;
    }
  }

  /** {@code strconv.ParseBool}; anything else is a "parse error". */
  public static boolean parseBool(String text) throws SyntaxException {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default -> throw new SyntaxException("parse error");
    };
  }

  /** A signed 64-bit integer, as {@code strconv.ParseInt(text, 0, 64)} takes it. */
  public static long parseInt64(String text) throws SyntaxException {
    BigInteger value = parseInteger(text, true);
    if (value.compareTo(MAX_INT64) > 0 || value.compareTo(MIN_INT64) < 0) {
      throw new SyntaxException("value out of range", true);
    }
    return value.longValue();
  }

  /**
   * An unsigned integer of up to {@code bits} (at most 64) bits; above {@code Long.MAX_VALUE} it is
   * negative.
   */
  public static long parseUnsigned(String text, int bits) throws SyntaxException {
    BigInteger value = parseInteger(text, false);
    if (value.compareTo(MAX_UINT64) > 0 || value.bitLength() > bits) {
      throw new SyntaxException("value out of range", true);
    }
    return value.longValue();
  }

  private static BigInteger parseInteger(String text, boolean signed) throws SyntaxException {
    boolean negative = signed && text.startsWith("-");
    String digits = negative || (signed && text.startsWith("+")) ? text.substring(1) : text;
    int base = 10;
    boolean prefixed = false;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      char mark = Character.toLowerCase(digits.charAt(1));
      base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
      prefixed = true;
      digits = digits.substring(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
    }
    BigInteger value = new BigInteger(withoutUnderscores(digits, base, prefixed), base);
    return negative ? value.negate() : value;
  }

  /** Checks the digits; an underscore may stand between digits and after a base prefix only. */
  private static String withoutUnderscores(String digits, int base, boolean prefixed)
      throws SyntaxException {
    StringBuilder kept = new StringBuilder(digits.length());
    boolean digitBefore = prefixed;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      boolean digit = c < 128 && Character.digit(c, base) >= 0;
      if (!digit && (c != '_' || !digitBefore)) {
        throw new SyntaxException("parse error");
      }
      if (digit) {
        kept.append(c);
      }
      digitBefore = digit;
    }
    if (kept.isEmpty() || !digitBefore) {
      throw new SyntaxException("parse error");
    }
    return kept.toString();
  }

  /** The text in double quotes with Go's escapes, as {@code %q} prints it. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(c -> appendQuoted(out, c));
    return out.append('"').toString();
  }

  private static void appendQuoted(StringBuilder out, int c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 7 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case 11 -> out.append("\\v");
      default -> {
        if (c < ' ' || c == 127) {
          out.append(String.format("\\x%02x", c));
        } else {
          out.appendCodePoint(c);
        }
      }
    }
  }
}
