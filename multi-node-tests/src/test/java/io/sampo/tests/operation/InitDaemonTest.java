package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.platform.InitDaemon;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, and what of the process it may demand. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "systemd is Linux's")
class InitDaemonTest {
  private static final String READY = "READY=1";

  @TempDir private Path directory;

  /** A unit of {@code Type=notify}, which etcd's own is, would time out otherwise. */
  @Test
  void itIsToldWhenTheNodeServes() {
    String socket = directory.resolve("notify").toString();
    try (DatagramSocket daemon = new DatagramSocket(socket);
        ServerUnderTest server =
            ServerUnderTest.preparedOn(ServerProgram.underTest(), directory.resolve("data"))) {
      server.setEnvironment(InitDaemon.VARIABLE, socket);
      server.launch();
      assertEquals(READY, daemon.receive());
      assertEquals(200, Http.tryGet(server.url() + "/health").orElseThrow().status());
      server.stop();
      String log = server.log();
      assertTrue(
          log.indexOf("ready to serve client requests") < log.indexOf("notifying init daemon"),
          log);
      assertTrue(log.contains("\"msg\":\"successfully notified init daemon\""), log);
    }
  }

  @Test
  void lockedMemoryIsLockedOrTheStartFails() throws IOException {
    try (ServerUnderTest server =
        ServerUnderTest.preparedOn(
            ServerProgram.underTest(), directory.resolve("data"), "--memory-mlock")) {
      server.launch();
      try {
        server.awaitReady();
      } catch (AssertionError | IllegalStateException notAllowedHere) {
        assertTrue(server.log().contains("\"error\":\"mlock error: "), server::log);
        return;
      }
      String locked =
          Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
              .filter(line -> line.startsWith("VmLck:"))
              .findFirst()
              .orElseThrow();
      assertTrue(Long.parseLong(locked.replaceAll("[^0-9]", "")) > 0, locked);
    }
  }

  @Test
  void aSocketMayHaveAnAbstractName() throws IOException {
    String name = UUID.randomUUID().toString();
    try (DatagramSocket daemon = new DatagramSocket("\0" + name)) {
      InitDaemon.notifyReady("@" + name);
      assertEquals(READY, daemon.receive());
    }
  }

  @Test
  void aSocketThatIsNotThereIsSaid() {
    String socket = directory.resolve("none").toString();
    var missing = assertThrows(IOException.class, () -> InitDaemon.notifyReady(socket));
    assertEquals("No such file or directory", missing.getMessage());
    String tooLong = "/" + "x".repeat(107);
    var refused = assertThrows(IOException.class, () -> InitDaemon.notifyReady(tooLong));
    assertEquals("the name of the socket is too long: " + tooLong, refused.getMessage());
  }
}
