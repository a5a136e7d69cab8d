package io.sampo.node.edge.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What came from a client whose request is refused. */
final class RefusedRequest {
  /** The end of the last line of the head, and the empty one behind it. */
  private static final Pattern END = Pattern.compile("\n\r?\n");

  private static final Pattern LENGTH =
      Pattern.compile("\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r?(\n|$)");

  private RefusedRequest() {}

  /**
   * Whether nothing more is to come of the request. If in doubt it is not whole: a client in the
   * midst of it would not see the answer if the connection ended at once.
   *
   * @param text all that came of it, and perhaps of those behind it
   */
  static boolean isWhole(String text) {
    Matcher end = END.matcher(text);
    if (!end.find()) {
      return false;
    }
    String head = HeadSyntax.lower(text.substring(0, end.start() + 1));
    int body = text.length() - end.end();
    Matcher length = LENGTH.matcher(head);
    if (length.find()) {
      return Integer.parseInt(length.group(1)) <= body;
    }
    return !head.contains("\ncontent-length") && !head.contains("\ntransfer-encoding");
  }
}
