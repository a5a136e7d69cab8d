package io.sampo.protocol.error;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Header values, whose characters are octets, as Go's {@code %q} shows them in error texts. */
public final class QuotedOctets {
  private QuotedOctets() {}

  /** With quotation marks around it. */
  public static String of(String octets) {
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
}
