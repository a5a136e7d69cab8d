package io.sampo.node.edge.grpc;

import io.sampo.protocol.error.QuotedOctets;
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
    return QuotedOctets.of(octets);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
