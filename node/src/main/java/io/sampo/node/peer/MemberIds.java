package io.sampo.node.peer;

import java.util.OptionalLong;

/** Ids as etcd writes them in headers and paths: hexadecimal, lower case, without leading zeros. */
public final class MemberIds {
  private MemberIds() {}

  public static String format(long id) {
    return Long.toHexString(id);
  }

  /** Empty if this is no id. */
  public static OptionalLong parse(String text) {
    if (text.isEmpty() || text.charAt(0) == '+' || text.charAt(0) == '-') {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(text, 16));
    } catch (NumberFormatException notAnId) {
      return OptionalLong.empty();
    }
  }
}
