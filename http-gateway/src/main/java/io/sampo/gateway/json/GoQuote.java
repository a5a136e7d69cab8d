package io.sampo.gateway.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

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

  /** Bytes in double quotes, those that are not UTF-8 in hexadecimal. */
  static String text(byte[] bytes) {
    StringBuilder quoted = new StringBuilder("\"");
    int at = 0;
    while (at < bytes.length) {
      int length = encodedLength(bytes, at);
      if (length == 0) {
        quoted.append(String.format("\\x%02x", bytes[at++] & 0xff));
      } else {
        quoted.append(escaped(new String(bytes, at, length, UTF_8).codePointAt(0)));
        at += length;
      }
    }
    return quoted.append('"').toString();
  }

  /** How many bytes the character at the position takes, 0 if there is none. */
  private static int encodedLength(byte[] bytes, int at) {
    for (int length = 1; length <= 4 && at + length <= bytes.length; length++) {
      String character = new String(bytes, at, length, UTF_8);
      if (Arrays.equals(character.getBytes(UTF_8), Arrays.copyOfRange(bytes, at, at + length))) {
        return length;
      }
    }
    return 0;
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
