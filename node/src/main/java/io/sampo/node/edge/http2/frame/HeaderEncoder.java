package io.sampo.node.edge.http2.frame;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;

/**
 * Writes the header blocks of a connection. The two fields that every answer of gRPC has enter the
 * client's table once and are one byte each from then on; nothing else ever enters it, so neither
 * side searches or holds more, and such a block costs nothing to make.
 */
public final class HeaderEncoder {
  private static final int DEFAULT_TABLE_BYTES = 4_096;

  /** Holds both fields: 60 and 44 bytes as RFC 7541, section 4.1 counts. */
  private static final int NEEDED_TABLE_BYTES = 128;

  private static final byte STATUS_200 = (byte) 0x88;
  private static final byte NEWEST = (byte) (0x80 | 62);
  private static final byte SECOND = (byte) (0x80 | 63);
  private static final byte TO_NOTHING = 0x20;
  private static final byte[] TO_NEEDED = {0x3f, 0x61};

  private static final byte[] ADD_CONTENT_TYPE =
      concat(new byte[] {STATUS_200}, indexed("content-type", "application/grpc"));
  private static final byte[] ADD_OK = indexed("grpc-status", "0");
  private static final byte[] CONTENT_TYPE_ALONE = {STATUS_200, NEWEST};
  private static final byte[] CONTENT_TYPE = {STATUS_200, SECOND};
  private static final byte[] OK = {NEWEST};

  /** How many of the two fields are in the client's table; -1 if it is too small for them. */
  private int known;

  private byte[] sizeUpdate;

  /** Kept from the first block on that needs it. */
  private HPackEncoder literals;

  /** Tells how large a table the client allows. */
  public void onTableSize(int bytes) {
    if (bytes < NEEDED_TABLE_BYTES) {
      known = -1;
      sizeUpdate = new byte[] {TO_NOTHING};
    } else if (bytes < DEFAULT_TABLE_BYTES && known >= 0) {
      sizeUpdate = TO_NEEDED;
    }
  }

  /** The block of a head or of trailers; to be sent in the order of the calls, and not changed. */
  public byte[] encode(ResponseHead head) {
    byte[] block = block(head);
    if (sizeUpdate != null) {
      block = concat(sizeUpdate, block);
      sizeUpdate = null;
    }
    return block;
  }

  private byte[] block(ResponseHead head) {
    if (head == ResponseHead.GRPC && known >= 0) {
      if (known == 0) {
        known = 1;
        return ADD_CONTENT_TYPE;
      }
      return known == 1 ? CONTENT_TYPE_ALONE : CONTENT_TYPE;
    }
    if (head == ResponseHead.GRPC_OK && known > 0) {
      if (known == 1) {
        known = 2;
        return ADD_OK;
      }
      return OK;
    }
    if (literals == null) {
      literals = new HPackEncoder(0, StandardCharsets.US_ASCII);
    }
    return literal(literals, head.fields());
  }

  /** Fields that enter no table. */
  private static byte[] literal(HPackEncoder encoder, List<String> fields) {
    ByteArrayBuffer block = new ByteArrayBuffer(128);
    for (int i = 0; i < fields.size(); i += 2) {
      add(encoder, block, fields.get(i), fields.get(i + 1), true);
    }
    return block.toByteArray();
  }

  private static byte[] indexed(String name, String value) {
    ByteArrayBuffer block = new ByteArrayBuffer(32);
    add(
        new HPackEncoder(DEFAULT_TABLE_BYTES, StandardCharsets.US_ASCII),
        block,
        name,
        value,
        false);
    return block.toByteArray();
  }

  private static void add(
      HPackEncoder encoder, ByteArrayBuffer block, String name, String value, boolean never) {
    try {
      encoder.encodeHeader(block, name, value, never);
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("characters are sent as bytes", e);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
