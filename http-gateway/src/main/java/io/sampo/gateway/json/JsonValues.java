package io.sampo.gateway.json;

import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a stream of bytes into the JSON values it holds one after the other. It keeps only the bytes
 * of the value that is not complete yet.
 */
public final class JsonValues {
  private static final int INITIAL_CAPACITY = 512;

  private final JsonScanner scanner = new JsonScanner();
  private byte[] buffer = new byte[INITIAL_CAPACITY];

  /** Where the value that is not complete yet begins, how far it was scanned, where bytes end. */
  private int start;

  private int scanned;
  private int end;

  /** The bytes kept: those of the value that is not complete yet, and those behind it. */
  public int pendingBytes() {
    return end - start;
  }

  /** Takes the next piece of the stream. */
  public void append(byte[] bytes) {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      scanned -= start;
      end -= start;
      start = 0;
    }
    if (end + bytes.length > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(end + bytes.length, 2 * buffer.length));
    }
    System.arraycopy(bytes, 0, buffer, end, bytes.length);
    end += bytes.length;
  }

  /**
   * The next complete value without the white space around it, or empty when more bytes are needed.
   */
  public Optional<byte[]> next() throws JsonSyntaxException {
    while (scanned < end) {
      switch (scanner.next(buffer[scanned] & 0xff)) {
        case MORE -> scanned++;
        case ENDS_HERE -> {
          return Optional.of(cut(scanned + 1));
        }
        case ENDED_BEFORE -> {
          return Optional.of(cut(scanned));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The last value when no more bytes come: empty if there is only white space left.
   *
   * @throws JsonSyntaxException "unexpected EOF" in the middle of a value
   */
  public Optional<byte[]> last() throws JsonSyntaxException {
    if (scanner.completeAtEnd()) {
      return Optional.of(cut(end));
    }
    if (scanner.started()) {
      throw new JsonSyntaxException("unexpected EOF");
    }
    return Optional.empty();
  }

  private byte[] cut(int to) {
    while (JsonScanner.isSpace(buffer[start])) {
      start++;
    }
    byte[] value = Arrays.copyOfRange(buffer, start, to);
    start = to;
    scanned = to;
    scanner.reset();
    return value;
  }
}
