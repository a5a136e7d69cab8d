package io.sampo.node.peer;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of a peer URL: scheme, host and port, or the file of a socket. */
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
        boolean usable = http ? url.getRawAuthority() != null : socket(url).isPresent();
        if (!usable) {
          throw new IllegalArgumentException("not a peer URL: " + text);
        }
        if (http) {
          port(url);
        }
        urls.add(url);
      } catch (URISyntaxException e) {
        throw new IllegalArgumentException("not a peer URL: " + text, e);
      }
    }
    return urls;
  }

  static boolean isTls(URI url) {
    return "https".equals(url.getScheme()) || "unixs".equals(url.getScheme());
  }

  /** The file of a socket; empty for a URL of another scheme. */
  static Optional<Path> socket(URI url) {
    if (!"unix".equals(url.getScheme()) && !"unixs".equals(url.getScheme())) {
      return Optional.empty();
    }
    String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
    String path = url.getPath() == null ? "" : url.getPath();
    return Optional.of(authority + path).filter(file -> !file.isEmpty()).map(Path::of);
  }

  /** As sockets want it, without brackets. Java's parser knows no host with an underscore. */
  static String host(URI url) {
    String authority = url.getRawAuthority();
    if (authority == null) {
      return "localhost";
    }
    int colon = portColon(authority);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  static int port(URI url) {
    String authority = url.getRawAuthority();
    int colon = authority == null ? -1 : portColon(authority);
    boolean numbered = colon >= 0 && authority.substring(colon + 1).matches("\\d{1,5}");
    return socket(url).isPresent() && !numbered || colon < 0
        ? isTls(url) ? DEFAULT_HTTPS : DEFAULT_HTTP
        : Integer.parseInt(authority.substring(colon + 1));
  }

  private static int portColon(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? colon : -1;
  }
}
