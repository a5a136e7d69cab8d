package io.sampo.node.peer;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/** The parts of a peer URL: scheme, host and port. */
final class PeerUrls {
  private static final int DEFAULT_HTTP = 80;
  private static final int DEFAULT_HTTPS = 443;

  private PeerUrls() {}

  /**
   * The URLs in their order.
   *
   * @throws IllegalArgumentException if one of them is none
   */
  static List<URI> parse(List<String> texts) {
    List<URI> urls = new ArrayList<>();
    for (String text : texts) {
      try {
        URI url = new URI(text.strip());
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getRawAuthority() == null) {
          throw new IllegalArgumentException("not a peer URL: " + text);
        }
        port(url);
        urls.add(url);
      } catch (URISyntaxException e) {
        throw new IllegalArgumentException("not a peer URL: " + text, e);
      }
    }
    return urls;
  }

  static boolean isTls(URI url) {
    return "https".equals(url.getScheme());
  }

  /** As sockets want it, without brackets. Java's parser knows no host with an underscore. */
  static String host(URI url) {
    String authority = url.getRawAuthority();
    int colon = portColon(authority);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  static int port(URI url) {
    String authority = url.getRawAuthority();
    int colon = portColon(authority);
    return colon < 0
        ? isTls(url) ? DEFAULT_HTTPS : DEFAULT_HTTP
        : Integer.parseInt(authority.substring(colon + 1));
  }

  private static int portColon(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? colon : -1;
  }
}
