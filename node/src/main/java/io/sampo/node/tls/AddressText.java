package io.sampo.node.tls;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.regex.Pattern;

/** Addresses of sockets as Go writes them. */
public final class AddressText {
  /** What Go leaves out of an IPv6 address. */
  private static final Pattern ZEROS = Pattern.compile("(^|:)(0(:|$)){2,}");

  private AddressText() {}

  /** Host and port; of a socket in the file system its file, or {@code @} if it has none. */
  public static String of(SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      String host = inet.isUnresolved() ? inet.getHostString() : inet.getAddress().getHostAddress();
      return (host.indexOf(':') < 0 ? host : "[" + ZEROS.matcher(host).replaceFirst("::") + "]")
          + ":"
          + inet.getPort();
    }
    String file = address instanceof UnixDomainSocketAddress unix ? unix.getPath().toString() : "";
    return file.isEmpty() ? "@" : file;
  }
}
