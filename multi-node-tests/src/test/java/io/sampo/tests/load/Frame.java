package io.sampo.tests.load;

import java.nio.ByteBuffer;

/** HTTP/2 frames (RFC 9113, sections 4 and 6). */
public final class Frame {

  public static final int HEADER_BYTES = 9;

  /** What a peer may send unless it is told otherwise. */
  public static final int MAX_PAYLOAD = 16_384;

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 0x1;
  public static final int ACK = 0x1;
  public static final int END_HEADERS = 0x4;
  public static final int PADDED = 0x8;

  public static final int SETTING_HEADER_TABLE_SIZE = 1;
  public static final int SETTING_INITIAL_WINDOW = 4;

  private Frame() {}

  /** Writes the nine bytes before a payload. */
  public static void header(ByteBuffer out, int length, int type, int flags, int stream) {
    out.put((byte) (length >>> 16)).putShort((short) length);
    out.put((byte) type).put((byte) flags).putInt(stream);
  }

  public static void windowUpdate(ByteBuffer out, int stream, int increment) {
    header(out, 4, WINDOW_UPDATE, 0, stream);
    out.putInt(increment);
  }
}
