package io.sampo.node.edge.http2.frame;

/**
 * The types and flags of frames, and the sizes that are not negotiated (RFC 9113, sections 4, 6).
 */
public final class Frame {
  public static final int HEAD_BYTES = 9;

  /** What a peer may send if nothing else was said, and we say nothing else. */
  public static final int MAX_BYTES = 16_384;

  public static final int DEFAULT_WINDOW = 65_535;

  public static final int DATA = 0x0;
  public static final int HEADERS = 0x1;
  public static final int PRIORITY = 0x2;
  public static final int RST_STREAM = 0x3;
  public static final int SETTINGS = 0x4;
  public static final int PUSH_PROMISE = 0x5;
  public static final int PING = 0x6;
  public static final int GOAWAY = 0x7;
  public static final int WINDOW_UPDATE = 0x8;
  public static final int CONTINUATION = 0x9;

  public static final int END_STREAM = 0x1;
  public static final int ACK = 0x1;
  public static final int END_HEADERS = 0x4;
  public static final int PADDED = 0x8;
  public static final int PRIORITY_FLAG = 0x20;

  private Frame() {}

  public static int int32(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }

  /** A number of 31 bits; the bit before it is reserved and of no meaning. */
  public static int int31(byte[] bytes, int at) {
    return int32(bytes, at) & Integer.MAX_VALUE;
  }
}
