package io.sampo.node.discovery;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a discovery service listens: {@code host:port} with or without {@code http(s)://}, or
 * {@code unix(s):} and a file (etcd 3.7.1, client/v3/internal/endpoint).
 *
 * @param host dialled, and whom the certificate must be for; of a socket its file's name
 * @param port 0 for a socket, -1 if none was given
 * @param socket the file
 * @param scheme empty if there was none
 */
record Endpoint(String text, String scheme, String host, int port, Optional<Path> socket) {

  static Endpoint parse(String given) {
    String text = given.strip();
    if (text.startsWith("unix:") || text.startsWith("unixs:")) {
      String scheme = text.substring(0, text.indexOf(':'));
      String rest = text.substring(scheme.length() + 1);
      Path file = Path.of(rest.startsWith("//") ? rest.substring(2) : rest);
      return new Endpoint(text, scheme, String.valueOf(file.getFileName()), 0, Optional.of(file));
    }
    int scheme = text.indexOf("://");
    String behind = scheme < 0 ? text : text.substring(scheme + 3);
    int path = behind.indexOf('/');
    String authority = path < 0 ? behind : behind.substring(0, path);
    int colon = authority.lastIndexOf(':');
    boolean numbered =
        colon > authority.lastIndexOf(']') && authority.substring(colon + 1).matches("\\d{1,5}");
    String host = numbered ? authority.substring(0, colon) : authority;
    return new Endpoint(
        text,
        scheme < 0 ? "" : text.substring(0, scheme),
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
        numbered ? Integer.parseInt(authority.substring(colon + 1)) : -1,
        Optional.empty());
  }

  /** Whether TLS must be spoken, must not, or is up to the other settings (empty). */
  Optional<Boolean> secure() {
    return switch (scheme) {
      case "https", "unixs" -> Optional.of(true);
      case "http" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /** As Go writes it into its errors. */
  String address() {
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return socket.map(Path::toString).orElse(port < 0 ? name : name + ":" + port);
  }
}
