package io.sampo.node.boot.flag;

import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.Locale;

/**
 * The parts of a URL that etcd looks at, split where Go's {@code net/url.Parse} splits and refused
 * with its texts, so that a mistake in a flag is explained in the words that etcd's users find on
 * the web.
 *
 * @param scheme in lower case, empty if there is none
 * @param authority what stands between {@code //} and the path
 * @param path the path alone, without query and fragment
 */
record GoUrl(String scheme, String authority, String path) {

  static GoUrl parse(String text) throws SyntaxException {
    if (text.chars().anyMatch(c -> c < ' ' || c == 127)) {
      throw failure(text, "net/url: invalid control character in URL");
    }
    int hash = text.indexOf('#');
    String rest = hash < 0 ? text : text.substring(0, hash);
    int colon = endOfScheme(text, rest);
    String scheme = rest.substring(0, colon).toLowerCase(Locale.ROOT);
    rest = colon == 0 ? rest : rest.substring(colon + 1);
    int query = rest.indexOf('?');
    rest = query < 0 ? rest : rest.substring(0, query);
    if (!rest.startsWith("/")) {
      return opaque(text, scheme, rest);
    }
    if (!rest.startsWith("//") || (scheme.isEmpty() && rest.startsWith("///"))) {
      return new GoUrl(scheme, "", rest);
    }
    int slash = rest.indexOf('/', 2);
    String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
    checkAuthority(text, authority);
    String path = slash < 0 ? "" : rest.substring(slash);
    checkEscapes(text, path);
    return new GoUrl(scheme, authority, path);
  }

  private static GoUrl opaque(String text, String scheme, String rest) throws SyntaxException {
    if (!scheme.isEmpty()) {
      return new GoUrl(scheme, "", "");
    }
    int slash = rest.indexOf('/');
    if ((slash < 0 ? rest : rest.substring(0, slash)).indexOf(':') >= 0) {
      throw failure(text, "first path segment in URL cannot contain colon");
    }
    return new GoUrl("", "", rest);
  }

  /** Index of the colon behind the scheme, or 0 if there is no scheme. */
  private static int endOfScheme(String text, String rest) throws SyntaxException {
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter) {
        continue;
      }
      boolean inner = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (c == ':' && i == 0) {
        throw failure(text, "missing protocol scheme");
      }
      if (c == ':') {
        return i;
      }
      if (!inner || i == 0) {
        return 0;
      }
    }
    return 0;
  }

  private static void checkAuthority(String text, String authority) throws SyntaxException {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    checkEscapes(text, host);
    if (host.startsWith("[")) {
      int close = host.lastIndexOf(']');
      if (close < 0) {
        throw failure(text, "missing ']' in host");
      }
      checkPort(text, host.substring(close + 1));
      return;
    }
    int colon = host.indexOf(':');
    if (colon >= 0) {
      checkPort(text, host.substring(colon));
    }
    for (int i = 0; i < host.length(); i++) {
      if (" \"<>\\^`{|}".indexOf(host.charAt(i)) >= 0) {
        throw failure(
            text, "invalid character " + quote(host.substring(i, i + 1)) + " in host name");
      }
    }
  }

  private static void checkPort(String text, String colonAndPort) throws SyntaxException {
    boolean digits = colonAndPort.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
    if (!colonAndPort.isEmpty() && (colonAndPort.charAt(0) != ':' || !digits)) {
      throw failure(text, "invalid port " + quote(colonAndPort) + " after host");
    }
  }

  private static void checkEscapes(String text, String part) throws SyntaxException {
    for (int at = part.indexOf('%'); at >= 0; at = part.indexOf('%', at + 1)) {
      String escape = part.substring(at, Math.min(at + 3, part.length()));
      if (!escape.matches("%[0-9a-fA-F]{2}")) {
        throw failure(text, "invalid URL escape " + quote(escape));
      }
    }
  }

  private static SyntaxException failure(String text, String reason) {
    return new SyntaxException("parse " + quote(text) + ": " + reason);
  }
}
