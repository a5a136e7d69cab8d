package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.function.LongSupplier;

/**
 * Hashes what passes to a file, and forces the file every {@value #FORCE_BYTES} bytes: one fsync of
 * a whole snapshot would hold up the journal's own, small ones on the same disk.
 */
final class DigestOutput implements WritableByteChannel {
  private static final long FORCE_BYTES = 32L << 20;

  private final SnapshotDisk.Output output;
  private final LongSupplier nanoClock;
  private final MessageDigest digest = SnapshotVerifier.sha256();
  private long written;
  private long unforced;
  private long fsyncNanos;

  DigestOutput(SnapshotDisk.Output output, LongSupplier nanoClock) {
    this.output = output;
    this.nanoClock = nanoClock;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    ByteBuffer hashed = bytes.duplicate();
    int count = output.write(bytes);
    digest.update(hashed.limit(hashed.position() + count));
    written += count;
    unforced += count;
    if (unforced >= FORCE_BYTES) {
      force();
    }
    return count;
  }

  /** Appends the SHA-256 of everything so far and makes the file durable. */
  void finish() throws IOException {
    ByteBuffer trailer = ByteBuffer.wrap(digest.digest());
    while (trailer.hasRemaining()) {
      written += output.write(trailer);
    }
    force();
  }

  long written() {
    return written;
  }

  long fsyncNanos() {
    return fsyncNanos;
  }

  private void force() throws IOException {
    long start = nanoClock.getAsLong();
    output.force();
    fsyncNanos += nanoClock.getAsLong() - start;
    unforced = 0;
  }

  @Override
  public boolean isOpen() {
    return output.isOpen();
  }

  @Override
  public void close() throws IOException {
    output.close();
  }
}
