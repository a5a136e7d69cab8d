package io.sampo.node.edge.http;

import java.util.Optional;

/**
 * What the request line asks for, by the rules of Go's {@code url.ParseRequestURI}.
 *
 * @param text a path and perhaps a query, with every character escaped that strict parsers refuse
 * @param authority of a target that is a whole URL: it counts instead of the Host header
 * @param isServer whether it is {@code *}, the server itself
 */
record RequestTarget(String text, Optional<String> authority, boolean isServer) {

  /** Empty if it is not a target. */
  static Optional<RequestTarget> of(String method, String raw) {
    if (raw.isEmpty() || raw.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      return Optional.empty();
    }
    if (raw.equals("*")) {
      return Optional.of(new RequestTarget("/", Optional.empty(), true));
    }
    if (raw.startsWith("/")) {
      return path(raw, Optional.empty());
    }
    if (method.equals("CONNECT")) {
      return whole(raw, 0);
    }
    int scheme = raw.indexOf(":/");
    boolean isUrl =
        scheme > 0
            && Character.isLetter(raw.charAt(0))
            && raw.substring(0, scheme).chars().allMatch(RequestTarget::isSchemeCharacter);
    if (!isUrl) {
      return Optional.empty();
    }
    return raw.startsWith("://", scheme)
        ? whole(raw, scheme + 3)
        : path(raw.substring(scheme + 1), Optional.empty());
  }

  /** Whether its path has segments that Pekko's parser takes away, and Go's mux redirects. */
  boolean hasDotSegments() {
    String segments = path() + "/";
    return segments.contains("/./") || segments.contains("/../");
  }

  String path() {
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  private static boolean isSchemeCharacter(int c) {
    return c < 0x80 && Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
  }

  private static Optional<RequestTarget> whole(String raw, int from) {
    int end = from;
    while (end < raw.length() && raw.charAt(end) != '/' && raw.charAt(end) != '?') {
      end++;
    }
    String authority = raw.substring(from, end);
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    if (!HeadSyntax.isHost(host)) {
      return Optional.empty();
    }
    String rest = raw.substring(end);
    return path(rest.startsWith("/") ? rest : "/" + rest, Optional.of(host));
  }

  private static Optional<RequestTarget> path(String raw, Optional<String> authority) {
    int query = raw.indexOf('?');
    String path = query < 0 ? raw : raw.substring(0, query);
    return HeadSyntax.isEscaped(path)
        ? Optional.of(new RequestTarget(HeadSyntax.escaped(raw), authority, false))
        : Optional.empty();
  }
}
