package io.sampo.node.edge.http;

/** The first line of a request, such as {@code GET /health HTTP/1.1}. */
record RequestLine(String method, RequestTarget target, int major, int minor) {
  private static final int VERSION_LENGTH = "HTTP/1.1".length();

  /**
   * @throws RefusedException if it is malformed
   */
  static RequestLine parse(String line) throws RefusedException {
    int first = line.indexOf(' ');
    int second = line.indexOf(' ', first + 1);
    if (first < 0 || second < 0) {
      throw new RefusedException(Refusal.MALFORMED);
    }
    String method = line.substring(0, first);
    String version = line.substring(second + 1);
    if (!HeadSyntax.isToken(method) || !isVersion(version)) {
      throw new RefusedException(Refusal.MALFORMED);
    }
    RequestTarget target =
        RequestTarget.of(method, line.substring(first + 1, second))
            .orElseThrow(() -> new RefusedException(Refusal.MALFORMED));
    return new RequestLine(method, target, version.charAt(5) - '0', version.charAt(7) - '0');
  }

  private static boolean isVersion(String text) {
    return text.length() == VERSION_LENGTH
        && text.startsWith("HTTP/")
        && isDigit(text.charAt(5))
        && text.charAt(6) == '.'
        && isDigit(text.charAt(7));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
