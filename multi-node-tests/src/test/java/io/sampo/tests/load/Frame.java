package io.sampo.tests.load;

import java.nio.ByteBuffer;

/** HTTP/2 frames (RFC 9113, sections 4 and 6). */
final class Frame {

  static final int HEADER_BYTES = 9;

  /** What a peer may send unless it is told otherwise. */
  static final int MAX_PAYLOAD = 16_384;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;

  static final int SETTING_HEADER_TABLE_SIZE = 1;
  static final int SETTING_INITIAL_WINDOW = 4;

  private Frame() {}

  /** Writes the nine bytes before a payload. */
  static void header(ByteBuffer out, int length, int type, int flags, int stream) {
    out.put((byte) (length >>> 16)).putShort((short) length);
    out.put((byte) type).put((byte) flags).putInt(stream);
  }

  static void windowUpdate(ByteBuffer out, int stream, int increment) {
    header(out, 4, WINDOW_UPDATE, 0, stream);
    out.putInt(increment);
  }
}
