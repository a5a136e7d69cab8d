package io.sampo.tests.packaging;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.tests.process.Checkout;
import io.sampo.tests.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The packages of this build. */
final class Packages {

  private static final Path TARGET = Checkout.root().resolve("node/target");
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Packages() {}

  /** The archive; without one the test is skipped. */
  static Path archive() {
    return built("sampo-*-linux-*.tar.gz");
  }

  /** The Debian package; without one the test is skipped. */
  static Path debian() {
    return built("sampo_*.deb");
  }

  private static Path built(String pattern) {
    try (Stream<Path> files =
        Files.isDirectory(TARGET) ? Files.list(TARGET) : Stream.<Path>empty()) {
      var matcher = TARGET.getFileSystem().getPathMatcher("glob:" + pattern);
      List<Path> found = files.filter(file -> matcher.matches(file.getFileName())).toList();
      assumeTrue(found.size() == 1, () -> "not one " + pattern + " in node/target: " + found);
      return found.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unpacks the archive and returns its only folder. */
  static Path unpackInto(Path empty) throws IOException {
    Command.of(List.of("tar", "xf", archive().toString(), "-C", empty.toString()))
        .limit(LIMIT)
        .run()
        .succeeded();
    try (Stream<Path> children = Files.list(empty)) {
      List<Path> all = children.toList();
      if (all.size() != 1) {
        throw new AssertionError("not one folder in the archive: " + all);
      }
      return all.get(0);
    }
  }

  /** The names of the files of a folder that end so. */
  static Set<String> names(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(end))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
