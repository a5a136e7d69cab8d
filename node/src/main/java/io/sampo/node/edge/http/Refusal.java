package io.sampo.node.edge.http;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;

/**
 * An answer to bytes that are no request; the connection ends with it. As Go's net/http writes it
 * (1.26, {@code conn.serve}).
 *
 * @param status the code and its text
 * @param body empty for an answer without one
 */
record Refusal(String status, String body) {
  static final Refusal MALFORMED = plain("400 Bad Request");
  static final Refusal NO_HOST = badRequest("missing required Host header");
  static final Refusal MALFORMED_HOST = badRequest("malformed Host header");
  static final Refusal INVALID_NAME = badRequest("invalid header name");
  static final Refusal TOO_LARGE = plain("431 Request Header Fields Too Large");
  static final Refusal TRANSFER_ENCODING =
      new Refusal("501 Not Implemented", "Unsupported transfer encoding");
  static final Refusal VERSION =
      plain("505 HTTP Version Not Supported", "unsupported protocol version");
  static final Refusal EXPECTATION = new Refusal("417 Expectation Failed", "");

  private static Refusal plain(String status) {
    return new Refusal(status, status);
  }

  private static Refusal plain(String status, String text) {
    return plain(status + ": " + text);
  }

  private static Refusal badRequest(String text) {
    return plain("400 Bad Request", text);
  }

  ByteString bytes() {
    String head =
        body.isEmpty()
            ? "Connection: close\r\nContent-Length: 0"
            : "Content-Type: text/plain; charset=utf-8\r\nConnection: close";
    String text = "HTTP/1.1 " + status + "\r\n" + head + "\r\n\r\n" + body;
    return ByteString.fromArrayUnsafe(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
