package io.sampo.node.edge.grpc;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Header values, whose characters are octets, as Go shows them in its texts. */
final class GoText {
  private GoText() {}

  /** The text that the octets spell; what is no UTF-8 is a replacement character each. */
  static String of(String octets) {
    return isAscii(octets)
        ? octets
        : new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Between quotation marks, as by {@code %q}. */
  static String quoted(String octets) {
    StringBuilder quoted = new StringBuilder(octets.length() + 2).append('"');
    for (int i = 0; i < octets.length(); i++) {
      char c = octets.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < 0x80) {
            quoted.append(c);
          } else {
            i += beyondAscii(octets, i, quoted);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /** One character, or an octet that is none; returns how many octets more than one it took. */
  private static int beyondAscii(String octets, int at, StringBuilder to) {
    for (int length = 2; length <= 4 && at + length <= octets.length(); length++) {
      byte[] some = octets.substring(at, at + length).getBytes(StandardCharsets.ISO_8859_1);
      try {
        CharBuffer one = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(some));
        to.append(one);
        return length - 1;
      } catch (CharacterCodingException e) {
        // Perhaps one octet more is needed.
      }
    }
    to.append("\\x%02x".formatted((int) octets.charAt(at)));
    return 0;
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
