package io.sampo.tests.disk;

import io.sampo.tests.process.Command;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A file system of a certain size, in memory. Whoever may not mount one skips the test. */
final class SmallDisk implements AutoCloseable {
  private final TempDirectory place = TempDirectory.create("sampo-disk");
  private boolean mounted;

  private SmallDisk() {}

  static SmallDisk ofMebibytes(int size) {
    SmallDisk disk = new SmallDisk();
    CommandResult mount =
        mount("-t", "tmpfs", "-o", options(size), "sampo-test", disk.path().toString());
    disk.mounted = mount.exitCode() == 0;
    if (!disk.mounted) {
      disk.close();
      Assumptions.abort("a disk cannot be mounted here: " + mount.err().strip());
    }
    return disk;
  }

  private static CommandResult mount(String... words) {
    return Command.of(concat("mount", List.of(words))).run();
  }

  private static List<String> concat(String first, List<String> rest) {
    return java.util.stream.Stream.concat(java.util.stream.Stream.of(first), rest.stream())
        .toList();
  }

  private static String options(int mebibytes) {
    return "size=" + mebibytes + "m";
  }

  Path path() {
    return place.path();
  }

  /** A disk of another size from now on. */
  void resize(int mebibytes) {
    mount("-o", "remount," + options(mebibytes), path().toString()).succeeded();
  }

  /** Fills it up to so many bytes. */
  void fillExcept(long bytesLeft) {
    try {
      long count = Files.getFileStore(path()).getUsableSpace() - bytesLeft;
      Files.write(path().resolve("filler"), new byte[Math.toIntExact(count)]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (mounted) {
      // Lazily: a process that was killed may still hold it for a moment.
      Command.of(List.of("umount", "-l", path().toString())).run().succeeded();
    }
    place.close();
  }
}
