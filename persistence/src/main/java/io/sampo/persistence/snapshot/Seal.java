package io.sampo.persistence.snapshot;

import java.util.zip.CRC32C;

/**
 * A CRC32C of the whole file, kept in the last page's unused bytes. bbolt never looks there, so the
 * file stays an ordinary one, and a start-up can verify it an order of magnitude faster than by the
 * SHA-256 behind it.
 *
 * <p>In the page, after the header: magic u64, CRC32C of all pages before u32, CRC32C of this page
 * up to here u32.
 */
final class Seal {
  private Seal() {}

  static void put(byte[] bytes, int page, long crcOfPagesBefore) {
    int at = page + BboltFormat.PAGE_HEADER_BYTES;
    BboltFormat.putLong(bytes, at, BboltFormat.SEAL_MAGIC);
    BboltFormat.putInt(bytes, at + 8, (int) crcOfPagesBefore);
    BboltFormat.putInt(bytes, at + 12, (int) own(bytes, page));
  }

  /** Whether a page carries a seal that is itself undamaged. */
  static boolean isPresent(byte[] bytes, int page) {
    int at = page + BboltFormat.PAGE_HEADER_BYTES;
    return BboltFormat.getLong(bytes, at) == BboltFormat.SEAL_MAGIC
        && BboltFormat.getInt(bytes, at + 12) == (int) own(bytes, page);
  }

  static boolean matches(byte[] bytes, int page, long crcOfPagesBefore) {
    return BboltFormat.getInt(bytes, page + BboltFormat.PAGE_HEADER_BYTES + 8)
        == (int) crcOfPagesBefore;
  }

  private static long own(byte[] bytes, int page) {
    CRC32C crc = new CRC32C();
    int field = page + BboltFormat.PAGE_HEADER_BYTES + 12;
    int behind = field + Integer.BYTES;
    crc.update(bytes, page, field - page);
    crc.update(bytes, behind, page + BboltFormat.PAGE_BYTES - behind);
    return crc.getValue();
  }
}
