package io.sampo.tests.abuse;

import io.sampo.tests.load.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a server answers on one connection: the first line of HTTP/1.1, or how HTTP/2 ended. Takes
 * the bytes as they come, in pieces of any size.
 */
final class ServerFrames {
  private static final int FIRST_LINE_BYTES = 64;
  private static final int KEPT_PAYLOAD_BYTES = 256;
  private static final int GOAWAY_HEAD_BYTES = 8;
  private static final String HTTP_1 = "HTTP/1";

  private static final String[] ERRORS = {
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
    "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
    "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"
  };

  private final ByteBuffer first = ByteBuffer.allocate(FIRST_LINE_BYTES);
  private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
  private final ByteBuffer kept = ByteBuffer.allocate(KEPT_PAYLOAD_BYTES);
  private int payloadLeft;
  private int frames;
  private boolean ended;
  private String goAway = "";
  private String reset = "";

  void accept(ByteBuffer in) {
    for (int i = in.position(); i < in.limit() && first.hasRemaining(); i++) {
      first.put(in.get(i));
    }
    if (text(first).startsWith("H")) {
      in.position(in.limit());
    }
    while (in.hasRemaining()) {
      acceptPart(in);
    }
  }

  private void acceptPart(ByteBuffer in) {
    if (header.hasRemaining()) {
      header.put(in.get());
      if (!header.hasRemaining()) {
        payloadLeft = header.getInt(0) >>> 8;
        kept.clear();
      }
    } else {
      int part = Math.min(payloadLeft, in.remaining());
      ByteBuffer slice = in.slice(in.position(), Math.min(part, kept.remaining()));
      kept.put(slice);
      in.position(in.position() + part);
      payloadLeft -= part;
    }
    if (!header.hasRemaining() && payloadLeft == 0) {
      onFrame(header.get(3));
      header.clear();
    }
  }

  private void onFrame(int type) {
    frames++;
    boolean ofStream = type == Frame.HEADERS || type == Frame.DATA;
    ended |= type == Frame.RST_STREAM || ofStream && (header.get(4) & Frame.END_STREAM) != 0;
    if (type == Frame.GOAWAY && kept.position() >= GOAWAY_HEAD_BYTES) {
      String all = text(kept);
      String said = all.substring(GOAWAY_HEAD_BYTES);
      goAway = ("GOAWAY " + error(kept.getInt(4)) + " " + said).strip();
    } else if (type == Frame.RST_STREAM) {
      reset = "RST_STREAM " + error(kept.getInt(0));
    }
  }

  private static String error(int code) {
    return code >= 0 && code < ERRORS.length ? ERRORS[code] : Integer.toString(code);
  }

  private static String text(ByteBuffer buffer) {
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
  }

  /** Whole frames of HTTP/2. */
  int frames() {
    return frames;
  }

  /** Whether HTTP/1.1 has answered, or HTTP/2 has ended a stream. */
  boolean isAnswered() {
    return ended || text(first).startsWith(HTTP_1);
  }

  /** The status of HTTP/1.1, or the GOAWAY, or the last RST_STREAM; empty if there was none. */
  String summary() {
    String line = text(first);
    if (line.startsWith(HTTP_1)) {
      return line.lines().findFirst().orElse("").replaceFirst("HTTP/\\S+ ", "");
    }
    return goAway.isEmpty() ? reset : goAway;
  }
}
