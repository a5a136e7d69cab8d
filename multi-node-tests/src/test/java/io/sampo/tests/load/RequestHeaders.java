package io.sampo.tests.load;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The HPACK blocks (RFC 7541) of a connection that always asks for the same path: the first fills
 * the server's dynamic table, every later one only points into it, as real clients do.
 */
record RequestHeaders(byte[] first, byte[] later) {

  // Indexes of the static table (RFC 7541, appendix A).
  private static final int AUTHORITY = 1;
  private static final int METHOD_POST = 3;
  private static final int PATH = 4;
  private static final int SCHEME_HTTP = 6;
  private static final int CONTENT_TYPE = 31;
  private static final int USER_AGENT = 58;
  private static final int FIRST_DYNAMIC = 62;

  private static final int INDEXED = 0x80;
  private static final int LITERAL_INDEXED = 0x40;

  static RequestHeaders of(String authority, String path) {
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    first.write(INDEXED | METHOD_POST);
    first.write(INDEXED | SCHEME_HTTP);
    literal(first, PATH, path);
    literal(first, AUTHORITY, authority);
    literal(first, CONTENT_TYPE, "application/grpc");
    first.write(LITERAL_INDEXED);
    text(first, "te");
    text(first, "trailers");
    literal(first, USER_AGENT, "sampo-benchmark");
    ByteArrayOutputStream later = new ByteArrayOutputStream();
    later.write(INDEXED | METHOD_POST);
    later.write(INDEXED | SCHEME_HTTP);
    for (int entry = 4; entry >= 0; entry--) {
      later.write(INDEXED | (FIRST_DYNAMIC + entry));
    }
    return new RequestHeaders(first.toByteArray(), later.toByteArray());
  }

  /** A block that leaves the server's dynamic table alone, for calls of several methods. */
  static byte[] stateless(String authority, String path, Map<String, String> more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(INDEXED | METHOD_POST);
    block.write(INDEXED | SCHEME_HTTP);
    block.write(PATH);
    text(block, path);
    block.write(AUTHORITY);
    text(block, authority);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/grpc");
    headers.put("te", "trailers");
    headers.putAll(more);
    headers.forEach(
        (name, value) -> {
          block.write(0);
          text(block, name);
          text(block, value);
        });
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream out, int nameIndex, String value) {
    out.write(LITERAL_INDEXED | nameIndex);
    text(out, value);
  }

  private static void text(ByteArrayOutputStream out, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > 126) {
      throw new IllegalArgumentException("too long for a one-byte length: " + value);
    }
    out.write(bytes.length);
    out.writeBytes(bytes);
  }
}
