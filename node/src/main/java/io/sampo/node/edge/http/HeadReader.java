package io.sampo.node.edge.http;

import io.sampo.node.edge.http.RequestHead.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the head of one request from bytes as they come, line by line, so that what is malformed is
 * refused at once. Lines may end in a lone line feed and go on in the next line, as in Go.
 */
final class HeadReader {
  /** Go's limit for everything before the body, in bytes: 1 MiB and what it calls slop. */
  static final int LIMIT = (1 << 20) + 4096;

  /** What is longer is not looked through for its end. */
  private static final int LONG_BYTES = 16 * 1024;

  /** How many line breaks may stand before a request that follows a POST. */
  private static final int STRAY_BREAKS = 4;

  private byte[] buffer = {};
  private int end;
  private int lineStart;
  private int scanned;
  private RequestLine requestLine;
  private final List<Header> headers = new ArrayList<>();
  private String openHeader;
  private int strayBreaks;

  /**
   * @param afterPost whether the request before was a POST: some clients send a line break too much
   *     after its body
   */
  HeadReader(boolean afterPost) {
    this.strayBreaks = afterPost ? STRAY_BREAKS : 0;
  }

  boolean isEmpty() {
    return end == 0;
  }

  /**
   * Takes the bytes that came next.
   *
   * @return the head once it is whole
   * @throws RefusedException if it is not going to be a head
   */
  Optional<RequestHead> read(byte[] bytes) throws RefusedException {
    append(bytes);
    while (lineStart == scanned && strayBreaks > 0 && scanned < end && isBreak(buffer[scanned])) {
      strayBreaks--;
      lineStart = ++scanned;
    }
    for (; scanned < end; scanned++) {
      if (buffer[scanned] == '\n') {
        String line = line();
        lineStart = scanned + 1;
        if (isLast(line)) {
          scanned++;
          return Optional.of(RequestHead.of(requestLine, headers));
        }
      }
    }
    if (end > LIMIT) {
      throw new RefusedException(Refusal.TOO_LARGE);
    }
    return Optional.empty();
  }

  /** Of a head that was refused: whether it and its body came as a whole. */
  boolean isRequestWhole() {
    return end <= LONG_BYTES
        && RefusedRequest.isWhole(new String(buffer, 0, end, StandardCharsets.ISO_8859_1));
  }

  /** What came behind the head. */
  byte[] rest() {
    return Arrays.copyOfRange(buffer, scanned, end);
  }

  private void append(byte[] bytes) {
    if (end == 0) {
      buffer = bytes;
      end = bytes.length;
      return;
    }
    if (buffer.length - end < bytes.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, end + bytes.length));
    }
    System.arraycopy(bytes, 0, buffer, end, bytes.length);
    end += bytes.length;
  }

  private static boolean isBreak(byte b) {
    return b == '\r' || b == '\n';
  }

  private String line() throws RefusedException {
    if (scanned >= LIMIT) {
      throw new RefusedException(Refusal.TOO_LARGE);
    }
    int lineEnd = scanned > lineStart && buffer[scanned - 1] == '\r' ? scanned - 1 : scanned;
    return new String(buffer, lineStart, lineEnd - lineStart, StandardCharsets.ISO_8859_1);
  }

  private boolean isLast(String line) throws RefusedException {
    strayBreaks = 0;
    if (requestLine == null) {
      requestLine = RequestLine.parse(line);
      return false;
    }
    if (line.isEmpty()) {
      closeHeader();
      return true;
    }
    if (HeadSyntax.isBlank(line.charAt(0))) {
      if (openHeader == null) {
        throw new RefusedException(Refusal.MALFORMED);
      }
      openHeader += " " + HeadSyntax.trim(line);
      return false;
    }
    closeHeader();
    if (line.indexOf(':') < 0) {
      throw new RefusedException(Refusal.MALFORMED);
    }
    openHeader = line;
    return false;
  }

  private void closeHeader() throws RefusedException {
    if (openHeader == null) {
      return;
    }
    int colon = openHeader.indexOf(':');
    String name = openHeader.substring(0, colon);
    String value = HeadSyntax.trim(openHeader.substring(colon + 1));
    // A blank in a name is refused with a reason, once the whole head is there.
    boolean named = !name.isEmpty() && HeadSyntax.isToken(name.replace(' ', '-'));
    if (!named || !HeadSyntax.isValue(value)) {
      throw new RefusedException(Refusal.MALFORMED);
    }
    headers.add(new Header(name, value));
    openHeader = null;
  }
}
