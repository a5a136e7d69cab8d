package io.sampo.node.edge.http2.frame;

/**
 * Whether the strings of a header block end as RFC 7541, section 5.2, demands: with less than eight
 * bits behind the last symbol. The decoder takes more, and symbols that are cut.
 */
final class HuffmanPadding {
  /** How many symbols have a code of so many bits (RFC 7541, appendix B). */
  private static final int[] SYMBOLS = {
    0, 0, 0, 0, 0, 10, 26, 32, 6, 0, 5, 3, 2, 6, 2, 3, 0, 0, 0, 3, 8, 13, 26, 29, 12, 4, 15, 19, 29,
    0, 4
  };

  private static final int HUFFMAN = 0x80;
  private static final int MAX_PADDING_BITS = 7;

  private final byte[] block;
  private final int end;
  private int at;

  private HuffmanPadding(byte[] block, int offset, int length) {
    this.block = block;
    this.at = offset;
    this.end = offset + length;
  }

  /** False only if a string has too long a padding; other faults are the decoder's to find. */
  static boolean isShort(byte[] block, int offset, int length) {
    return new HuffmanPadding(block, offset, length).isShort();
  }

  private boolean isShort() {
    while (at < end) {
      int first = block[at];
      if ((first & 0x80) != 0) {
        integer(7);
      } else if ((first & 0xe0) == 0x20) {
        integer(5);
      } else {
        int name = integer((first & 0x40) != 0 ? 6 : 4);
        if (name == 0 && !isStringShort() || !isStringShort()) {
          return false;
        }
      }
    }
    return true;
  }

  /** Reads an integer; one that is cut or too large leads behind the end. */
  private int integer(int prefixBits) {
    int most = (1 << prefixBits) - 1;
    int value = block[at++] & most;
    if (value < most) {
      return value;
    }
    long sum = most;
    for (int shift = 0; at < end && shift < 32; shift += 7) {
      int next = block[at++];
      sum += (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return (int) Math.min(sum, Integer.MAX_VALUE);
      }
    }
    at = end;
    return most;
  }

  /** Reads a string. */
  private boolean isStringShort() {
    if (at >= end) {
      return true;
    }
    boolean huffman = (block[at] & HUFFMAN) != 0;
    int length = integer(7);
    if (length > end - at) {
      at = end;
      return true;
    }
    int from = at;
    at += length;
    return !huffman || bitsBehindLastSymbol(from, at) <= MAX_PADDING_BITS;
  }

  /** The codes are canonical: those of one length follow one another. */
  private int bitsBehindLastSymbol(int from, int to) {
    int code = 0;
    int firstOfLength = 0;
    int bits = 0;
    for (int i = from; i < to; i++) {
      for (int bit = 7; bit >= 0; bit--) {
        code = code << 1 | block[i] >> bit & 1;
        bits++;
        firstOfLength <<= 1;
        if (code - firstOfLength < SYMBOLS[bits]) {
          code = 0;
          firstOfLength = 0;
          bits = 0;
        } else {
          firstOfLength += SYMBOLS[bits];
        }
      }
    }
    return bits;
  }
}
