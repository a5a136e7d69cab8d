package io.sampo.node.edge.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.BitSet;
import java.util.Optional;

/** The authority of a target that is a whole URL, by Go's {@code net/url}. */
final class TargetAuthority {
  private static final BitSet HOST = HeadSyntax.charactersOf("!\"$&'()*+,-.:;<=>[]_~");
  private static final BitSet USER = HeadSyntax.charactersOf("-._:~!$&'()*+,;=%@");

  private TargetAuthority() {}

  /** The host and its port, without the user before them; empty if it is none. */
  static Optional<String> host(String scheme, String authority) {
    int at = authority.lastIndexOf('@');
    String user = authority.substring(0, Math.max(at, 0));
    String host = authority.substring(at + 1);
    boolean valid =
        user.chars().allMatch(USER::get)
            && HeadSyntax.isEscaped(user)
            && isEscapedHost(host)
            && (host.startsWith("[") ? isAddress(host) : isName(scheme, host));
    return valid ? Optional.of(HeadSyntax.unescaped(host)) : Optional.empty();
  }

  /** In a host only what is not ASCII may be escaped, and the percent sign. */
  private static boolean isEscapedHost(String host) {
    if (!HeadSyntax.isEscaped(host)) {
      return false;
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean allowed =
          c == '%'
              ? Character.digit(host.charAt(i + 1), 16) >= 8 || host.startsWith("%25", i)
              : c >= 0x80 || HOST.get(c);
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  /** Behind a name of http there is one colon at most; other schemes may list several hosts. */
  private static boolean isName(String scheme, String host) {
    boolean strict = scheme.equals("http") || scheme.equals("https");
    int colon = strict ? host.indexOf(':') : host.lastIndexOf(':');
    return host.indexOf('[') < 0 && (colon < 0 || isPort(host.substring(colon)));
  }

  /** An IPv6 address in brackets, perhaps with a zone. */
  private static boolean isAddress(String host) {
    int end = host.lastIndexOf(']');
    if (end < 0 || host.lastIndexOf('[') > 0 || !isPort(host.substring(end + 1))) {
      return false;
    }
    String literal = host.substring(1, end);
    int zone = literal.indexOf("%25");
    if (zone >= 0 && zone + "%25".length() == literal.length()) {
      return false;
    }
    try {
      // In brackets it is never looked up as a name.
      InetAddress.getByName("[" + (zone < 0 ? literal : literal.substring(0, zone)) + "]");
      return true;
    } catch (UnknownHostException notAnAddress) {
      return false;
    }
  }

  private static boolean isPort(String text) {
    return text.isEmpty()
        || text.startsWith(":") && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
  }
}
