package io.sampo.node.watch;

import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/** Protobuf fields and gRPC frames, written one behind the other into one growing array. */
final class Frames {
  /** A gRPC message starts with a byte for "not compressed" and four for its length. */
  static final int PREFIX_BYTES = 5;

  private byte[] bytes;
  private int size;
  private int frameStart;

  Frames(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  void beginFrame() {
    frameStart = size;
    ensureFree(PREFIX_BYTES);
    bytes[size] = 0;
    size += PREFIX_BYTES;
  }

  void endFrame() {
    int length = size - frameStart - PREFIX_BYTES;
    bytes[frameStart + 1] = (byte) (length >>> 24);
    bytes[frameStart + 2] = (byte) (length >>> 16);
    bytes[frameStart + 3] = (byte) (length >>> 8);
    bytes[frameStart + 4] = (byte) length;
  }

  void varint(long value) {
    ensureFree(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** A number of the field, left out if 0 as proto3 does. */
  void field(int number, long value) {
    if (value != 0) {
      varint((long) number << 3);
      varint(value);
    }
  }

  void field(int number, byte[] value) {
    header(number, value.length);
    raw(value, 0, value.length);
  }

  /** The tag and length of a field whose content the caller writes next. */
  void header(int number, int length) {
    varint((long) number << 3 | 2);
    varint(length);
  }

  void raw(byte[] source, int from, int length) {
    ensureFree(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  /** What was written, without a copy; nothing may be written afterwards. */
  ByteString toByteString() {
    return ByteString.fromArrayUnsafe(bytes, 0, size);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  static int varintSize(long value) {
    return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
  }

  static int fieldSize(int number, long value) {
    return value == 0 ? 0 : varintSize((long) number << 3) + varintSize(value);
  }

  static int fieldSize(int number, int length) {
    return varintSize((long) number << 3) + varintSize(length) + length;
  }

  private void ensureFree(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
