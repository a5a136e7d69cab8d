package io.sampo.persistence.etcd;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A CRC32C that can go on from a given value, as the log's does from one segment to the next.
 * Java's cannot be given a value, but every value is the checksum of some four bytes: those are fed
 * first.
 */
final class RollingCrc {
  private static final int POLYNOMIAL = 0x82F63B78;
  private static final int[] TABLE = table();

  /** Which place of the table has a given highest byte; they are all different. */
  private static final int[] BY_HIGHEST_BYTE = byHighestByte();

  private final CRC32C crc = new CRC32C();

  /** Goes on from a value. */
  void restart(int value) {
    crc.reset();
    if (value != 0) {
      crc.update(preimage(value));
    }
  }

  void update(ByteBuffer bytes) {
    crc.update(bytes);
  }

  int value() {
    return (int) crc.getValue();
  }

  /** The four bytes whose CRC32C this is: the register is turned back byte by byte. */
  private static byte[] preimage(int value) {
    int register = ~value;
    for (int i = 0; i < Integer.BYTES; i++) {
      int place = BY_HIGHEST_BYTE[register >>> 24];
      register = (register ^ TABLE[place]) << 8 | place;
    }
    int bytes = ~register;
    return new byte[] {
      (byte) bytes, (byte) (bytes >>> 8), (byte) (bytes >>> 16), (byte) (bytes >>> 24)
    };
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ POLYNOMIAL;
      }
      table[i] = value;
    }
    return table;
  }

  private static int[] byHighestByte() {
    int[] places = new int[256];
    for (int i = 0; i < places.length; i++) {
      places[TABLE[i] >>> 24] = i;
    }
    return places;
  }
}
