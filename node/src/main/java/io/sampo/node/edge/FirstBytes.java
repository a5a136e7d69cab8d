package io.sampo.node.edge;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;

/** What a connection's first bytes say about its protocol, as etcd's cmux 0.1.5 reads them. */
enum FirstBytes {
  HTTP_2,
  HTTP_1,
  /** A handshake of TLS, where the line is looked at; cmux finds that it is no HTTP. */
  TLS,
  /** Neither of them. */
  UNKNOWN,
  /** There are too few to know. */
  UNDECIDED;

  private static final ByteString PREFACE =
      ByteString.fromString("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  /** The type of the record that a TLS client begins with. */
  private static final ByteString HANDSHAKE = ByteString.fromInts(22);

  /** A first request line may have as many bytes on a port without TLS. */
  private static final int MAX_LINE = 4096;

  /**
   * @param looksAtLine whether the first line must be one of HTTP/1 for anything to be answered
   * @param knowsTls whether TLS is spoken as well; its bytes are a line that does not end if not
   */
  static FirstBytes of(ByteString bytes, boolean looksAtLine, boolean knowsTls) {
    int common = Math.min(bytes.size(), PREFACE.size());
    if (bytes.take(common).equals(PREFACE.take(common))) {
      return common == PREFACE.size() ? HTTP_2 : UNDECIDED;
    }
    if (!looksAtLine) {
      return HTTP_1;
    }
    return knowsTls && bytes.take(1).equals(HANDSHAKE) ? TLS : ofLine(bytes);
  }

  private static FirstBytes ofLine(ByteString bytes) {
    int end = bytes.indexOf((byte) '\n');
    if (end < 0 && bytes.size() < MAX_LINE) {
      return UNDECIDED;
    }
    if (end < 0 || end >= MAX_LINE) {
      return UNKNOWN;
    }
    String line = bytes.take(end).decodeString(StandardCharsets.ISO_8859_1);
    String[] parts = line.replaceFirst("\r$", "").split(" ", 3);
    return parts.length == 3 && parts[2].matches("HTTP/1\\.[0-9]") ? HTTP_1 : UNKNOWN;
  }
}
