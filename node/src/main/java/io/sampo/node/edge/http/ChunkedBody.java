package io.sampo.node.edge.http;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * A body in chunks. It is passed on in chunks of our own, without extensions and trailers, so that
 * no other parser need agree with Go's about them (net/http/internal/chunked.go, Go 1.26).
 */
final class ChunkedBody implements RequestBodyReader {
  /** Of a line with a chunk's size, and of all trailers together. */
  private static final int MAX_LINE = 4096;

  /** How many bytes may go into chunk heads beyond 16 a chunk and twice the data. */
  private static final int MAX_EXCESS = 16 * 1024;

  private static final int HEX_DIGITS = 16;

  /** The chunk that ends a body. */
  static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private enum Part {
    SIZE,
    DATA,
    DATA_END,
    TRAILER,
    COMPLETE,
    FAILED
  }

  private Part part = Part.SIZE;
  private final StringBuilder line = new StringBuilder();

  /** Of the chunk, unsigned. */
  private long missing;

  private long excess;
  private String failure = "";

  @Override
  public int read(byte[] bytes, int from, ByteStringBuilder out) {
    int at = from;
    while (at < bytes.length && part != Part.COMPLETE && part != Part.FAILED) {
      if (part == Part.DATA) {
        at += data(bytes, at, out);
      } else {
        onByte((char) (bytes[at++] & 0xff), out);
      }
    }
    return at - from;
  }

  @Override
  public boolean isComplete() {
    return part == Part.COMPLETE;
  }

  @Override
  public long missingBytes() {
    return 0;
  }

  @Override
  public boolean isChunked() {
    return true;
  }

  @Override
  public String failure() {
    return failure;
  }

  /** One chunk of {@code length} bytes, which may be none. */
  static void pass(byte[] bytes, int from, int length, ByteStringBuilder out) {
    if (length > 0) {
      out.putBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.putBytes(bytes, from, length);
      out.putByte((byte) '\r').putByte((byte) '\n');
    }
  }

  private int data(byte[] bytes, int at, ByteStringBuilder out) {
    int rest = bytes.length - at;
    int taken = Long.compareUnsigned(missing, rest) < 0 ? (int) missing : rest;
    pass(bytes, at, taken, out);
    missing -= taken;
    if (missing == 0) {
      part = Part.DATA_END;
    }
    return taken;
  }

  private void onByte(char c, ByteStringBuilder out) {
    line.append(c);
    switch (part) {
      case SIZE -> onSize(c);
      case DATA_END -> onDataEnd();
      default -> onTrailer(c);
    }
    if (part == Part.COMPLETE) {
      out.putBytes(LAST);
    }
  }

  private void onSize(char c) {
    if (c != '\n') {
      if (line.length() >= MAX_LINE) {
        fail("header line too long");
      }
      return;
    }
    int carriageReturn = line.indexOf("\r");
    if (carriageReturn < 0) {
      fail("chunked line ends with bare LF");
    } else if (carriageReturn != line.length() - 2) {
      fail("invalid CR in chunked line");
    } else {
      begin(line.substring(0, carriageReturn));
    }
  }

  private void begin(String head) {
    excess += head.length() + 2;
    String size = HeadSyntax.trim("x" + head).substring(1);
    int extension = size.indexOf(';');
    if (extension >= 0) {
      size = size.substring(0, extension);
    }
    if (size.isEmpty()) {
      fail("empty hex number for chunk length");
    } else if (!size.chars().allMatch(c -> c < 0x80 && Character.digit(c, HEX_DIGITS) >= 0)) {
      fail("invalid byte in chunk length");
    } else if (size.length() > HEX_DIGITS) {
      fail("http chunk length too large");
    } else {
      missing = Long.parseUnsignedLong(size, HEX_DIGITS);
      excess = Math.max(0, excess - 16 - 2 * missing);
      if (excess > MAX_EXCESS) {
        fail("chunked encoding contains too much non-data");
      } else {
        next(missing == 0 ? Part.TRAILER : Part.DATA);
      }
    }
  }

  private void onDataEnd() {
    if (line.length() == 2) {
      if (line.toString().equals("\r\n")) {
        next(Part.SIZE);
      } else {
        fail("malformed chunked encoding");
      }
    }
  }

  private void onTrailer(char c) {
    boolean ended =
        c == '\n'
            && (line.toString().equals("\r\n")
                || line.length() >= 4 && line.substring(line.length() - 4).equals("\r\n\r\n"));
    if (ended) {
      String wrong = Trailers.failure(line.toString());
      if (wrong.isEmpty()) {
        next(Part.COMPLETE);
      } else {
        fail(wrong);
      }
    } else if (line.length() > MAX_LINE) {
      fail("http: suspiciously long trailer after chunked body");
    }
  }

  private void next(Part then) {
    part = then;
    line.setLength(0);
  }

  private void fail(String text) {
    part = Part.FAILED;
    failure = text;
  }
}
