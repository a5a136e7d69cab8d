package io.sampo.tests.edge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers of HTTP/1 as text: framing, headers in alphabetical order without Date, body. */
final class Http1Text {

  private static final String LINE_END = "\r\n";

  private final String text;
  private final boolean head;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private Http1Text(byte[] bytes, boolean head) {
    this.text = new String(bytes, StandardCharsets.ISO_8859_1);
    this.head = head;
  }

  /**
   * @param head whether the requests were HEAD
   */
  static String render(byte[] bytes, boolean head) {
    Http1Text answers = new Http1Text(bytes, head);
    while (answers.at < answers.text.length() && answers.answer()) {
      // One more.
    }
    return answers.out.toString();
  }

  private boolean answer() {
    int endOfHead = text.indexOf("\r\n\r\n", at);
    if (endOfHead < 0 || !text.startsWith("HTTP/", at)) {
      out.append("bytes: ").append(Masks.body(text.substring(at))).append('\n');
      at = text.length();
      return false;
    }
    String[] lines = text.substring(at, endOfHead).split(LINE_END);
    at = endOfHead + 4;
    out.append(lines[0]).append('\n');
    List<String> headers = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      headers.add(header(lines[i]));
    }
    headers.removeIf(header -> header.startsWith("date:"));
    headers.removeIf(Masks.OF_ITSELF.asMatchPredicate());
    if (!lines[0].contains(" 200 ")) {
      // Only over TLS a failed call has it, and which of its ports etcd's gateway dials is luck.
      headers.removeIf(header -> header.startsWith("grpc-metadata-content-type:"));
    }
    String body = body(lines[0].split(" ")[1], headers);
    String exact = "content-length: " + body.length();
    headers.replaceAll(
        header -> !head && header.equals(exact) ? "content-length: as it is" : header);
    if (head && !lines[0].contains(" 200 ")) {
      // Of an error in JSON, where Go's writer puts blanks as it likes; the body would show it.
      headers.removeIf(
          header ->
              headers.contains("content-type: application/json")
                  && header.startsWith("content-length:"));
    }
    headers.stream().sorted().map(Masks::header).forEach(h -> out.append(h).append('\n'));
    out.append(Masks.body(body)).append(body.isEmpty() ? "" : "\n");
    return true;
  }

  private static String header(String line) {
    int colon = line.indexOf(':');
    return colon < 0
        ? line
        : line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
  }

  private String body(String status, List<String> headers) {
    if (head || status.startsWith("1") || status.equals("204") || status.equals("304")) {
      return "";
    }
    String body;
    if (headers.stream().anyMatch(h -> h.matches("transfer-encoding: *chunked"))) {
      body = chunks();
    } else {
      int length =
          headers.stream()
              .filter(h -> h.startsWith("content-length:"))
              .mapToInt(h -> Integer.parseInt(h.substring(15).trim()))
              .findFirst()
              .orElse(text.length() - at);
      int end = Math.min(text.length(), at + length);
      body = text.substring(at, end);
      if (end < at + length) {
        body += "<cut at " + (end - at) + " of " + length + " bytes>";
      }
      at = end;
    }
    return body;
  }

  private String chunks() {
    StringBuilder body = new StringBuilder();
    while (true) {
      int lineEnd = text.indexOf(LINE_END, at);
      if (lineEnd < 0) {
        at = text.length();
        return body + "<cut in a chunk>";
      }
      int size = Integer.parseInt(text.substring(at, lineEnd).split(";")[0].trim(), 16);
      at = lineEnd + 2;
      if (size == 0) {
        int end = text.startsWith(LINE_END, at) ? at : text.indexOf("\r\n\r\n", at) + 2;
        String trailers = text.substring(at, Math.max(at, end));
        at = Math.max(at, end) + 2;
        return trailers.isEmpty() ? body.toString() : body + "\ntrailers: " + trailers;
      }
      int end = Math.min(text.length(), at + size);
      body.append(text, at, end);
      at = Math.min(text.length(), end + 2);
    }
  }
}
