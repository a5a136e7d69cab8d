package io.sampo.node.state.mvcc;

/** Protocol Buffers' base 128 integers, as the hot paths that write stored bytes need them. */
final class Varint {
  private Varint() {}

  /** How many bytes the unsigned 64-bit value takes, from 1 to 10. */
  static int size(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  /** Writes the value at the position and returns the position behind it. */
  static int write(byte[] target, int position, long value) {
    int at = position;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    return at;
  }

  /** The value that begins at the position. */
  static long read(byte[] source, int position) {
    long value = 0;
    int at = position;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = source[at++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a varint of more than ten bytes");
  }
}
