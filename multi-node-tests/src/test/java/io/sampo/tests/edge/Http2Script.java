package io.sampo.tests.edge;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the actions of an HTTP/2 client frame by frame (RFC 9113), also wrong ones. Header blocks
 * are literals without indexing (RFC 7541, 6.2.2), so any octets can be a name or a value.
 */
final class Http2Script {

  static final int HEADER_BYTES = 9;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int PRIORITY_FLAG = 0x20;

  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private static final int INITIAL_WINDOW = 4;
  private static final int LARGE_WINDOW = 1 << 28;
  private static final int LONGEST_ONE_OCTET = 126;

  private final List<EdgeCase.Action> actions = new ArrayList<>();
  private ByteArrayOutputStream segment = new ByteArrayOutputStream();

  /** A client that said what is to be said first, with windows nobody runs into. */
  static Http2Script connected() {
    Http2Script script = new Http2Script().text(PREFACE);
    script.frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW, LARGE_WINDOW));
    return script.frame(WINDOW_UPDATE, 0, 0, number(LARGE_WINDOW));
  }

  static byte[] setting(int id, int value) {
    return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
  }

  static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  Http2Script text(String text) {
    segment.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  Http2Script frame(int type, int flags, int stream, byte[] payload) {
    segment.write(payload.length >>> 16);
    segment.write(payload.length >>> 8);
    segment.write(payload.length);
    segment.write(type);
    segment.write(flags);
    segment.writeBytes(number(stream));
    segment.writeBytes(payload);
    return this;
  }

  /** Names and values in turns, in one frame. */
  Http2Script headers(int stream, boolean end, List<String> fields) {
    int flags = END_HEADERS | (end ? END_STREAM : 0);
    return frame(HEADERS, flags, stream, block(fields));
  }

  Http2Script data(int stream, boolean end, byte[] payload) {
    return frame(DATA, end ? END_STREAM : 0, stream, payload);
  }

  /** A gRPC message in as many DATA frames as it needs. */
  Http2Script message(int stream, boolean end, byte[] message) {
    byte[] all =
        ByteBuffer.allocate(5 + message.length)
            .put((byte) 0)
            .putInt(message.length)
            .put(message)
            .array();
    return body(stream, end, all);
  }

  Http2Script body(int stream, boolean end, byte[] all) {
    int most = 16_384;
    for (int at = 0; at < all.length || at == 0; at += most) {
      int length = Math.min(most, all.length - at);
      byte[] part = new byte[length];
      System.arraycopy(all, at, part, 0, length);
      data(stream, end && at + length == all.length, part);
    }
    return this;
  }

  /** What follows is another write, so long after the one before. */
  Http2Script pause(long millis) {
    cut();
    actions.add(new EdgeCase.Pause(millis));
    return this;
  }

  Http2Script halfClose() {
    cut();
    actions.add(new EdgeCase.HalfClose());
    return this;
  }

  private void cut() {
    if (segment.size() > 0) {
      actions.add(new EdgeCase.Send(segment.toByteArray()));
      segment = new ByteArrayOutputStream();
    }
  }

  EdgeCase as(String name) {
    cut();
    return new EdgeCase(
        "edge/http2/" + name, EdgeCase.Wire.PLAIN, EdgeCase.Protocol.HTTP2, List.copyOf(actions));
  }

  static byte[] block(List<String> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < fields.size(); i += 2) {
      out.write(0);
      literal(out, fields.get(i));
      literal(out, fields.get(i + 1));
    }
    return out.toByteArray();
  }

  private static void literal(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int length = bytes.length;
    if (length <= LONGEST_ONE_OCTET) {
      out.write(length);
    } else {
      out.write(0x7f);
      int rest = length - 0x7f;
      while (rest >= 0x80) {
        out.write(rest & 0x7f | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }
}
