package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/**
 * Tells whether a snapshot file is whole, in one sequential read. Files we wrote are checked by the
 * CRC32C of their {@link Seal}, others by the SHA-256 that {@code etcdctl snapshot save} appends.
 */
public final class SnapshotVerifier {
  private static final int READ_BYTES = 1 << 20;
  private static final int ALIGNMENT_BYTES = 512;

  private SnapshotVerifier() {}

  /**
   * Reads the whole file.
   *
   * @throws SnapshotFormatException if it carries no checksum or does not match it
   * @throws IOException if it cannot be read
   */
  public static void verify(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long dataBytes = channel.size() - BboltFormat.SHA256_BYTES;
      if (dataBytes <= 0 || dataBytes % ALIGNMENT_BYTES != 0) {
        throw new SnapshotFormatException(
            path, "carries no checksum (it is " + channel.size() + " bytes long)");
      }
      byte[] lastPage = new byte[BboltFormat.PAGE_BYTES];
      if (dataBytes % BboltFormat.PAGE_BYTES == 0) {
        readFully(path, channel, ByteBuffer.wrap(lastPage), dataBytes - lastPage.length);
      }
      if (Seal.isPresent(lastPage, 0)) {
        verifySeal(path, channel, lastPage, dataBytes - lastPage.length);
      } else {
        verifySha256(path, channel, dataBytes);
      }
    }
  }

  private static void verifySeal(Path path, FileChannel channel, byte[] lastPage, long bytes)
      throws IOException {
    CRC32C crc = new CRC32C();
    scan(path, channel, bytes, crc::update);
    if (!Seal.matches(lastPage, 0, crc.getValue())) {
      throw new SnapshotFormatException(path, "does not match its CRC32C");
    }
  }

  private static void verifySha256(Path path, FileChannel channel, long bytes) throws IOException {
    MessageDigest digest = sha256();
    scan(path, channel, bytes, digest::update);
    byte[] expected = new byte[BboltFormat.SHA256_BYTES];
    readFully(path, channel, ByteBuffer.wrap(expected), bytes);
    if (!MessageDigest.isEqual(expected, digest.digest())) {
      throw new SnapshotFormatException(path, "does not match its SHA-256");
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private interface Checksum {
    void update(ByteBuffer bytes);
  }

  private static void scan(Path path, FileChannel channel, long bytes, Checksum checksum)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    for (long at = 0; at < bytes; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(READ_BYTES, bytes - at));
      readFully(path, channel, buffer, at);
      checksum.update(buffer.flip());
    }
  }

  private static void readFully(Path path, FileChannel channel, ByteBuffer buffer, long at)
      throws IOException {
    long position = at;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, position);
      if (count < 0) {
        throw new SnapshotFormatException(path, "ends while it is being read, at " + position);
      }
      position += count;
    }
  }
}
