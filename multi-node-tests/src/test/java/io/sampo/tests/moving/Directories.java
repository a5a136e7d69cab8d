package io.sampo.tests.moving;

import io.sampo.tests.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Whole directories, copied and compared. */
final class Directories {
  private Directories() {}

  static Path copy(Path from, Path to) {
    Command.of(List.of("cp", "-r", "--sparse=always", from.toString(), to.toString()))
        .run()
        .succeeded();
    return to;
  }

  /** Names and checksums of all files. */
  static Map<String, String> contents(Path directory) {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        CRC32C crc = new CRC32C();
        crc.update(Files.readAllBytes(file));
        contents.put(
            directory.relativize(file).toString(), HexFormat.of().toHexDigits(crc.getValue()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }
}
