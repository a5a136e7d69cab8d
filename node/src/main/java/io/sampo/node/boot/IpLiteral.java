package io.sampo.node.boot;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Tells addresses from names without asking a name server, as Go's {@code net.ParseIP} does. */
final class IpLiteral {
  private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  private IpLiteral() {}

  static boolean isAddress(String text) {
    return text.indexOf(':') >= 0 ? isIp6(text) : isIp4(text);
  }

  /** Whether it is the address of one host, and one that others can reach. */
  static boolean isOneHosts(String text) {
    try {
      // Of an address Java asks no name server.
      InetAddress address = isAddress(text) ? InetAddress.getByName(text) : null;
      return address != null && !address.isLoopbackAddress() && !address.isAnyLocalAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isIp4(String text) {
    String[] octets = text.split("\\.", -1);
    if (octets.length != 4) {
      return false;
    }
    for (String octet : octets) {
      if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIp6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text) == 8;
    }
    if (text.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    int before = groups(text.substring(0, gap));
    int after = groups(text.substring(gap + 2));
    return before >= 0 && after >= 0 && before + after < 8;
  }

  /**
   * How many 16-bit groups the text holds, a dotted address at its end counting as two; -1 if it is
   * malformed.
   */
  private static int groups(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] parts = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < parts.length; i++) {
      if (i == parts.length - 1 && parts[i].indexOf('.') >= 0 && isIp4(parts[i])) {
        count += 2;
      } else if (GROUP.matcher(parts[i]).matches()) {
        count++;
      } else {
        return -1;
      }
    }
    return count;
  }
}
