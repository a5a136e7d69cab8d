package io.sampo.gateway.json;

/** Text in quotes as Go's {@code strconv.Quote} writes it, which shows in error texts. */
final class GoQuote {
  private GoQuote() {}

  /** A byte in single quotes; bytes above 127 are taken as Latin-1, as encoding/json does. */
  static String symbol(int symbol) {
    if (symbol == '\'') {
      return "'\\''";
    }
    return symbol == '"' ? "'\"'" : "'" + escaped(symbol) + "'";
  }

  static String text(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(point -> quoted.append(escaped(point)));
    return quoted.append('"').toString();
  }

  private static String escaped(int point) {
    return switch (point) {
      case 7 -> "\\a";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 11 -> "\\v";
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      default -> {
        if (point < 0x20 || point == 0x7f) {
          yield String.format("\\x%02x", point);
        }
        boolean hidden = Character.isISOControl(point) || point == 0xa0 || point == 0xad;
        yield hidden ? String.format("\\u%04x", point) : Character.toString(point);
      }
    };
  }
}
