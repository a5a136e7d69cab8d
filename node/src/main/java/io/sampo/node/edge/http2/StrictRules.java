package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.RequestHead;

/** What Go's net/http asks of a request's head before it serves it (golang.org/x/net 0.55). */
final class StrictRules {
  private StrictRules() {}

  /** Whether it is a fault of the stream. */
  static boolean isMalformed(RequestHead head) {
    if (head.method().equals("CONNECT")) {
      return head.authority().isEmpty() || !head.path().isEmpty() || !head.scheme().isEmpty();
    }
    boolean schemeKnown = head.scheme().equals("https") || head.scheme().equals("http");
    boolean hasUser = head.authority().indexOf('@') >= 0;
    return head.method().isEmpty() || !schemeKnown || hasUser || !isPath(head);
  }

  private static boolean isPath(RequestHead head) {
    String path = head.path();
    if (path.equals("*")) {
      return head.method().equals("OPTIONS");
    }
    if (!path.startsWith("/")) {
      return false;
    }
    int end = path.indexOf('?') < 0 ? path.length() : path.indexOf('?');
    for (int i = path.indexOf('%'); i >= 0 && i < end; i = path.indexOf('%', i + 1)) {
      if (i + 2 >= end || !isHex(path.charAt(i + 1)) || !isHex(path.charAt(i + 2))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(char c) {
    return Character.digit(c, 16) >= 0;
  }

  /**
   * Why a request is answered with 400 although its frames are in order, or null. Fields of
   * HTTP/1.1's connections have no meaning here.
   */
  static String refusal(RequestHead head) {
    int tes = 0;
    for (int i = 0; i < head.size(); i++) {
      switch (head.name(i)) {
        case "connection", "proxy-connection", "transfer-encoding", "upgrade", "keep-alive" -> {
          return "request header \"" + canonical(head.name(i)) + "\" is not valid in HTTP/2";
        }
        case "te" -> {
          tes++;
          if (tes > 1 || !head.value(i).isEmpty() && !head.value(i).equals("trailers")) {
            return "request header \"TE\" may only be \"trailers\" in HTTP/2";
          }
        }
        default -> {}
      }
    }
    return null;
  }

  private static String canonical(String name) {
    StringBuilder words = new StringBuilder();
    for (String word : name.split("-")) {
      words.append(words.isEmpty() ? "" : "-");
      words.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return words.toString();
  }

  /** What the body will have by its own account; -1 if nothing is said, 0 if it is no number. */
  static long contentLength(RequestHead head) {
    String value = head.get("content-length");
    if (value == null) {
      return -1;
    }
    if (value.length() > 18) {
      return 0;
    }
    long length = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      length = 10 * length + (c - '0');
    }
    return length;
  }
}
