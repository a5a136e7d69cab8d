package io.sampo.node.edge.http;

import java.util.Optional;

/**
 * What the request line asks for, by the rules of Go's {@code url.ParseRequestURI}.
 *
 * @param text a path and perhaps a query, with every character escaped that strict parsers refuse
 * @param path of {@code text} as it came: it may be empty, and is {@code *} for the server itself
 * @param authority of a target that is a whole URL: it counts instead of the Host header
 */
record RequestTarget(String text, String path, Optional<String> authority) {
  private static final String SERVER = "*";

  /** Empty if it is not a target. */
  static Optional<RequestTarget> of(String method, String raw) {
    if (raw.isEmpty() || raw.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      return Optional.empty();
    }
    if (raw.equals(SERVER)) {
      return Optional.of(new RequestTarget("/", SERVER, Optional.empty()));
    }
    if (raw.startsWith("/")) {
      return path(raw, Optional.empty());
    }
    if (method.equals("CONNECT")) {
      return whole("http", raw);
    }
    int colon = raw.indexOf(':');
    if (colon < 0 || !isScheme(raw.substring(0, colon))) {
      return Optional.empty();
    }
    String rest = raw.substring(colon + 1);
    if (rest.startsWith("//")) {
      return whole(HeadSyntax.lower(raw.substring(0, colon)), rest.substring(2));
    }
    // Without a slash it is a name of another kind, such as mailto:x, which has no path.
    return path(rest.startsWith("/") ? rest : query(rest), Optional.empty());
  }

  /** Whether it is the server itself. */
  boolean isServer() {
    return path.equals(SERVER);
  }

  /** Whether Pekko's parser takes its path as it is. */
  boolean isPlain() {
    String segments = path + "/";
    return path.startsWith("/") && !segments.contains("/./") && !segments.contains("/../");
  }

  private static boolean isScheme(String text) {
    return !text.isEmpty()
        && Character.isLetter(text.charAt(0))
        && text.chars()
            .allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c) || "+-.".indexOf(c) >= 0);
  }

  /** The question mark and what follows it. */
  private static String query(String text) {
    int mark = text.indexOf('?');
    return mark < 0 ? "" : text.substring(mark);
  }

  private static Optional<RequestTarget> whole(String scheme, String rest) {
    String query = query(rest);
    String before = rest.substring(0, rest.length() - query.length());
    int slash = before.indexOf('/');
    String authority = slash < 0 ? before : before.substring(0, slash);
    String path = slash < 0 ? "" : before.substring(slash);
    return TargetAuthority.host(scheme, authority)
        .flatMap(host -> path(path + query, Optional.of(host)));
  }

  private static Optional<RequestTarget> path(String raw, Optional<String> authority) {
    String query = query(raw);
    String path = raw.substring(0, raw.length() - query.length());
    if (!HeadSyntax.isEscaped(path)) {
      return Optional.empty();
    }
    String escaped = HeadSyntax.escaped(path);
    String text = (escaped.isEmpty() ? "/" : escaped) + HeadSyntax.escaped(query);
    return Optional.of(new RequestTarget(text, escaped, authority));
  }
}
