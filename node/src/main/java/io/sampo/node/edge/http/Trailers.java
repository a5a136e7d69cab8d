package io.sampo.node.edge.http;

/** The fields behind a body in chunks. Nobody reads them, but they must be fields. */
final class Trailers {
  /** How long a first line may be that is told though it is none, in bytes. */
  private static final int MAX_TOLD = 80;

  private Trailers() {}

  /**
   * What is wrong with them, in the words of Go's net/textproto (1.26); empty if nothing is.
   *
   * @param text lines, the last of which is empty
   */
  static String failure(String text) {
    if (HeadSyntax.isBlank(text.charAt(0))) {
      String line = text.substring(0, text.indexOf('\n')).stripTrailing();
      return line.length() > MAX_TOLD
          ? "message too large"
          : "malformed MIME header initial line: \"" + line + '"';
    }
    for (String line : text.replaceAll("\r?\n[ \t]+", " ").split("\r?\n")) {
      int colon = line.indexOf(':');
      if (colon < 0 && !line.isEmpty()) {
        return "malformed MIME header: missing colon: \"" + line + '"';
      }
      boolean isField =
          line.isEmpty()
              || HeadSyntax.isToken(line.substring(0, colon).replace(' ', '-'))
                  && HeadSyntax.isValue(line.substring(colon + 1));
      if (!isField) {
        return "malformed MIME header line: \"" + line + '"';
      }
    }
    return "";
  }
}
