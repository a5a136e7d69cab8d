package io.sampo.tests.abuse;

import io.sampo.tests.load.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames of HTTP/2 (RFC 9113) one after another, allowed or not. */
final class FrameBytes {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** A literal field that is not added to the dynamic table (RFC 7541, section 6.2.2). */
  private static final int LITERAL = 0x00;

  private static final int SEVEN_BITS = 127;
  private static final int MESSAGE_HEAD_BYTES = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The first bytes of a client, with settings that keep the defaults. */
  FrameBytes preface() {
    out.writeBytes(PREFACE);
    return frame(Frame.SETTINGS, 0, 0);
  }

  FrameBytes frame(int type, int flags, int stream, byte... payload) {
    ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
    Frame.header(header, payload.length, type, flags, stream);
    out.writeBytes(header.array());
    out.writeBytes(payload);
    return this;
  }

  /** Opens a stream for a gRPC call; more are names and values of further headers. */
  FrameBytes grpcHeaders(int stream, String path, String... more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(field(":method", "POST"));
    block.writeBytes(field(":scheme", "http"));
    block.writeBytes(field(":path", path));
    block.writeBytes(field(":authority", "127.0.0.1"));
    block.writeBytes(field("content-type", "application/grpc"));
    block.writeBytes(field("te", "trailers"));
    for (int i = 0; i < more.length; i += 2) {
      block.writeBytes(field(more[i], more[i + 1]));
    }
    return frame(Frame.HEADERS, Frame.END_HEADERS, stream, block.toByteArray());
  }

  /** A whole message of gRPC, in as many frames as it takes. */
  FrameBytes message(int stream, boolean compressed, byte[] message, boolean last) {
    return data(stream, messageBytes(compressed, message.length, message), last);
  }

  /** The begin of a message of gRPC that is announced to be longer. */
  FrameBytes begunMessage(int stream, int announcedBytes, byte[] begin) {
    return data(stream, messageBytes(false, announcedBytes, begin), false);
  }

  private FrameBytes data(int stream, byte[] bytes, boolean last) {
    for (int from = 0; from < bytes.length; from += Frame.MAX_PAYLOAD) {
      int to = Math.min(bytes.length, from + Frame.MAX_PAYLOAD);
      int flags = last && to == bytes.length ? Frame.END_STREAM : 0;
      frame(Frame.DATA, flags, stream, java.util.Arrays.copyOfRange(bytes, from, to));
    }
    return this;
  }

  private static byte[] messageBytes(boolean compressed, int announcedBytes, byte[] bytes) {
    return ByteBuffer.allocate(MESSAGE_HEAD_BYTES + bytes.length)
        .put((byte) (compressed ? 1 : 0))
        .putInt(announcedBytes)
        .put(bytes)
        .array();
  }

  /** One field of a header block, with its name and value spelled out. */
  static byte[] field(String name, String value) {
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    field.write(LITERAL);
    text(field, name);
    text(field, value);
    return field.toByteArray();
  }

  /** A length of any size (RFC 7541, section 5.1) and the text, without Huffman's code. */
  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length < SEVEN_BITS) {
      out.write(bytes.length);
    } else {
      out.write(SEVEN_BITS);
      int rest = bytes.length - SEVEN_BITS;
      while (rest > SEVEN_BITS) {
        out.write(rest & SEVEN_BITS | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
