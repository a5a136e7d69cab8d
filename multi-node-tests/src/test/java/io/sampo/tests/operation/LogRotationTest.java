package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log file of a process that finds a full one. */
class LogRotationTest {
  @TempDir Path folder;

  @Test
  void aFullLogFileIsPutAside() throws IOException {
    Path log = folder.resolve("etcd.log");
    Files.writeString(log, "x".repeat(1 << 20) + "\n");
    try (ServerUnderTest server =
        ServerUnderTest.start(
            ServerProgram.underTest(),
            "--log-outputs=stderr," + log,
            "--enable-log-rotation",
            "--log-rotation-config-json={\"maxsize\":1}")) {
      assertTrue(server.isRunning());
      assertTrue(Files.readString(log).startsWith("{\"level\":"));
      assertTrue(Files.readString(log).contains("ready to serve client requests"));
      List<Path> aside = aside();
      assertEquals(1, aside.size());
      assertTrue(
          aside
              .get(0)
              .getFileName()
              .toString()
              .matches("etcd-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}\\.log"));
      assertTrue(Files.readString(aside.get(0)).startsWith("xxx"));
    }
  }

  private List<Path> aside() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.endsWith("etcd.log")).toList();
    }
  }
}
