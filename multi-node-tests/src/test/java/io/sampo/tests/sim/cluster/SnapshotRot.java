package io.sampo.tests.sim.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A snapshot with one wrong bit. */
record SnapshotRot(Path file, byte[] bytes) {
  /** What stands behind a snapshot's pages. */
  private static final int SHA256_BYTES = 32;

  /** Flips one bit of the newest snapshot; empty if there is none. */
  static Optional<SnapshotRot> inNewest(Path directory, RandomGenerator random) {
    try (Stream<Path> files = Files.list(directory)) {
      Optional<Path> newest =
          files
              .filter(file -> file.toString().endsWith(".snap.db"))
              .max(Comparator.comparing(Path::getFileName));
      if (newest.isEmpty()) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(newest.get());
      // Not in the SHA-256 behind it, which a start does not read (persistence, Seal).
      bytes[random.nextInt(bytes.length - SHA256_BYTES)] ^= (byte) (1 << random.nextInt(8));
      Files.write(newest.get(), bytes);
      return Optional.of(new SnapshotRot(newest.get(), bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it was not found: it is still there under its name. */
  boolean isInPlace() {
    try {
      return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
