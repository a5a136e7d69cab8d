package io.sampo.node.edge.http2.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackException;

/**
 * Reads the header blocks of a connection (RFC 7541, the library's) and checks what they say (RFC
 * 9113, section 8.2). Clients send the same block again and again; one that only refers to entries
 * of the table is read once, until the table changes.
 */
public final class HeaderDecoder {
  private static final int TABLE_BYTES = 4_096;
  private static final int REMEMBERED = 4;
  private static final int MAX_REMEMBERED_BYTES = 64;

  private final HPackDecoder decoder = new HPackDecoder(TABLE_BYTES, StandardCharsets.US_ASCII);
  private final int maxListBytes;
  private byte[][] blocks;
  private RequestHead[] heads;
  private int next;

  /**
   * @param maxListBytes the largest list of fields, counted as RFC 9113, section 6.5.2 does
   */
  public HeaderDecoder(int maxListBytes) {
    this.maxListBytes = maxListBytes;
  }

  /**
   * Reads a whole block.
   *
   * @throws ConnectionError if it cannot be decoded: then the tables of both sides differ
   */
  public RequestHead decode(byte[] bytes, int offset, int length) {
    for (int i = 0; i < REMEMBERED && blocks != null && blocks[i] != null; i++) {
      if (Arrays.equals(blocks[i], 0, blocks[i].length, bytes, offset, offset + length)) {
        return heads[i];
      }
    }
    if (!HuffmanPadding.isShort(bytes, offset, length)) {
      throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, "Huffman padding");
    }
    RequestHead head;
    try {
      head = new Reading().read(ByteBuffer.wrap(bytes, offset, length));
    } catch (HPackException | RuntimeException e) {
      // The library has more than one way to say that an index or a length is none.
      throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, "header block");
    }
    remember(bytes, offset, length, head);
    return head;
  }

  private void remember(byte[] bytes, int offset, int length, RequestHead head) {
    for (int i = offset; i < offset + length; i++) {
      // Anything but a short index may have changed the table.
      if (bytes[i] >= 0 || bytes[i] == (byte) 0xff) {
        blocks = null;
        heads = null;
        return;
      }
    }
    if (length > MAX_REMEMBERED_BYTES) {
      return;
    }
    if (blocks == null) {
      blocks = new byte[REMEMBERED][];
      heads = new RequestHead[REMEMBERED];
      next = 0;
    }
    blocks[next] = Arrays.copyOfRange(bytes, offset, offset + length);
    heads[next] = head;
    next = (next + 1) % REMEMBERED;
  }

  /** One block on its way to a head. */
  private final class Reading {
    private final List<String> fields = new ArrayList<>(16);
    private String method;
    private String scheme;
    private String authority;
    private String path;
    private String malformed;
    private boolean tooLarge;
    private long listBytes;

    RequestHead read(ByteBuffer block) throws HPackException {
      boolean first = true;
      while (block.hasRemaining()) {
        if (!first && (block.get(block.position()) & 0xe0) == 0x20) {
          throw new HPackException("table size update behind a field");
        }
        Header header = decoder.decodeHeader(block);
        first = false;
        if (header != null && malformed == null && !tooLarge) {
          add(header.getName(), header.getValue());
        }
      }
      return new RequestHead(fields, method, scheme, authority, path, malformed, tooLarge);
    }

    private void add(String name, String value) {
      listBytes += name.length() + value.length() + 32;
      if (listBytes > maxListBytes) {
        tooLarge = true;
      } else if (!isValue(value)) {
        malformed = "invalid value";
      } else if (!name.isEmpty() && name.charAt(0) == ':') {
        pseudo(name, value);
      } else if (isName(name)) {
        fields.add(name);
        fields.add(value);
      } else {
        malformed = "invalid name";
      }
    }

    private void pseudo(String name, String value) {
      String before;
      switch (name) {
        case ":method" -> {
          before = method;
          method = value;
        }
        case ":scheme" -> {
          before = scheme;
          scheme = value;
        }
        case ":authority" -> {
          before = authority;
          authority = value;
        }
        case ":path" -> {
          before = path;
          path = value;
        }
        // Nobody was told that it may be sent, and grpc-go serves it nevertheless.
        case ":protocol" -> before = null;
        default -> before = name;
      }
      if (before != null || !fields.isEmpty()) {
        malformed = "pseudo-header";
      }
    }
  }

  /** A token without capitals. */
  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean token =
          c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || c > ' ' && c < 0x7f && "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      if (!token) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t' || c == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
