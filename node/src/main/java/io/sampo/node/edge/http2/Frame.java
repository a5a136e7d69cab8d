package io.sampo.node.edge.http2;

/** The types and flags of frames, and the sizes that are not negotiated (RFC 9113, sections 4, 6). */
final class Frame {
  static final int HEAD_BYTES = 9;

  /** What a peer may send if nothing else was said, and we say nothing else. */
  static final int MAX_BYTES = 16_384;

  static final int DEFAULT_WINDOW = 65_535;

  static final int DATA = 0x0;
  static final int HEADERS = 0x1;
  static final int PRIORITY = 0x2;
  static final int RST_STREAM = 0x3;
  static final int SETTINGS = 0x4;
  static final int PUSH_PROMISE = 0x5;
  static final int PING = 0x6;
  static final int GOAWAY = 0x7;
  static final int WINDOW_UPDATE = 0x8;
  static final int CONTINUATION = 0x9;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int PRIORITY_FLAG = 0x20;

  private Frame() {}

  static int int32(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }

  /** A number of 31 bits; the bit before it is reserved and of no meaning. */
  static int int31(byte[] bytes, int at) {
    return int32(bytes, at) & Integer.MAX_VALUE;
  }
}
