package io.sampo.node.edge.http;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** Which characters may stand where in the head of a request, by Go's net/http and net/url. */
final class HeadSyntax {
  private static final BitSet TOKEN = charactersOf("!#$%&'*+-.^_`|~");
  private static final BitSet HOST = charactersOf("!$%&()*+,-.:;=[]'_~");
  private static final BitSet TARGET = charactersOf("-._~!$&'()*+,;=:@/?");
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private HeadSyntax() {}

  /** These, digits and letters. */
  static BitSet charactersOf(String symbols) {
    BitSet characters = new BitSet(128);
    symbols.chars().forEach(characters::set);
    characters.set('0', '9' + 1);
    characters.set('a', 'z' + 1);
    characters.set('A', 'Z' + 1);
    return characters;
  }

  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(TOKEN::get);
  }

  static boolean isHost(String text) {
    return text.chars().allMatch(HOST::get);
  }

  static boolean isValue(String text) {
    return text.chars().noneMatch(c -> c < 0x20 && c != '\t' || c == 0x7f);
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** Whether one of the values, which are lists, contains the token. */
  static boolean contains(List<String> values, String token) {
    for (String value : values) {
      for (String element : value.split(",")) {
        if (trim(element).equalsIgnoreCase(token)) {
          return true;
        }
      }
    }
    return false;
  }

  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Whether each percent sign begins two hexadecimal digits. */
  static boolean isEscaped(String path) {
    for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
      if (!isEscape(path, at)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0;
  }

  /** The same with every escape, each of which must be one, as the character that it is. */
  static String unescaped(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '%') {
        plain.append((char) Integer.parseInt(text.substring(at + 1, at + 3), 16));
        at += 2;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /** The same path or query with every character escaped that strict parsers refuse. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (TARGET.get(c) || c == '%' && isEscape(text, at)) {
        escaped.append(c);
      } else {
        escaped.append('%').append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
      }
    }
    return escaped.toString();
  }
}
