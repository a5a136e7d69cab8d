package io.sampo.persistence.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Reads LevelDB's own log (and MANIFEST, which has the same form) the way LevelDB does, but tells
 * what LevelDB leaves out without a word. The form (leveldb/doc/log_format.md): blocks of 32 KiB,
 * in them records of a masked CRC32C, a length, a type, and data; no record crosses a block.
 */
final class LevelDbRecords {
  /** What the end of the readable part looks like. */
  enum Ending {
    /** Nothing, or only the zeros of space that was reserved and not used. */
    CLEAN,
    /**
     * The beginning of one write that never finished: it was never acknowledged, LevelDB leaves it
     * out.
     */
    TORN,
    /**
     * A record that was written whole and has changed since, or one followed by others that are
     * intact.
     */
    DAMAGED
  }

  private static final int BLOCK_BYTES = 32 << 10;
  private static final int HEADER_BYTES = 7;
  private static final int SECTOR_BYTES = 512;
  // A record that begins a write is FULL (1) or FIRST (2); the others are MIDDLE (3) and LAST.
  private static final int FIRST = 2;
  private static final int LAST = 4;

  private final ByteBuffer file;
  private final int size;
  private final CRC32C crc = new CRC32C();

  LevelDbRecords(ByteBuffer file) {
    this.file = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.size = file.limit();
  }

  /** Where the intact records end; everything before this offset is what LevelDB reads. */
  int intactBytes() {
    int position = 0;
    while (position < size) {
      if (blockEnd(position) - position < HEADER_BYTES) {
        position = blockEnd(position); // A block's last bytes, too few for a header, are filler.
      } else if (isIntact(position)) {
        position += HEADER_BYTES + length(position);
      } else {
        return position;
      }
    }
    return size;
  }

  Ending ending() {
    int end = intactBytes();
    if (isZero(end, size)) {
      return Ending.CLEAN;
    }
    for (int later = end + 1; later + HEADER_BYTES <= size; later++) {
      if (type(later) <= FIRST && isIntact(later)) {
        return Ending.DAMAGED; // A write began after this one, so this one had been synced.
      }
    }
    return wasWrittenWhole(end) ? Ending.DAMAGED : Ending.TORN;
  }

  /**
   * Unwritten space reads as zeros, a sector is written as a whole, and a header before its data.
   * So a write that was cut short lacks its end, or has a sector of zeros inside; a record that has
   * neither was complete once.
   */
  private boolean wasWrittenWhole(int start) {
    if (start + HEADER_BYTES >= size) {
      return false;
    }
    int end = start + HEADER_BYTES + length(start);
    if (type(start) == 0) {
      int data = start + HEADER_BYTES;
      return data % SECTOR_BYTES != 0 && !isZero(data, Math.min(size, sectorEnd(data)));
    }
    if (type(start) > LAST || end > blockEnd(start)) {
      return true;
    }
    return looksComplete(start, end);
  }

  private boolean looksComplete(int start, int end) {
    if (end > size || file.get(end - 1) == 0) {
      return false;
    }
    int position = start;
    while (position < end) {
      int sectorEnd = Math.min(end, sectorEnd(position));
      if (isZero(position, sectorEnd)) {
        return false;
      }
      position = sectorEnd;
    }
    return true;
  }

  private boolean isIntact(int position) {
    if (blockEnd(position) - position < HEADER_BYTES || position + HEADER_BYTES > size) {
      return false;
    }
    int end = position + HEADER_BYTES + length(position);
    if (type(position) == 0 || type(position) > LAST || end > blockEnd(position) || end > size) {
      return false;
    }
    crc.reset();
    crc.update(file.duplicate().position(position + HEADER_BYTES - 1).limit(end));
    return masked((int) crc.getValue()) == file.getInt(position);
  }

  private int type(int position) {
    return file.get(position + HEADER_BYTES - 1) & 0xff;
  }

  private int length(int position) {
    return Short.toUnsignedInt(file.getShort(position + 4));
  }

  private boolean isZero(int from, int to) {
    for (int position = from; position < to; position++) {
      if (file.get(position) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int sectorEnd(int position) {
    return (position / SECTOR_BYTES + 1) * SECTOR_BYTES;
  }

  private static int blockEnd(int position) {
    return (position / BLOCK_BYTES + 1) * BLOCK_BYTES;
  }

  /** LevelDB stores checksums so, lest the checksum of data with a checksum in it be degenerate. */
  private static int masked(int crc) {
    return Integer.rotateRight(crc, 15) + 0xa282ead8;
  }
}
