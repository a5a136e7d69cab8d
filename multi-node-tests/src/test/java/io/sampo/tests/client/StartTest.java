package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Command;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.FreePorts;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A start that cannot succeed says why in a line, ends with code 1 and writes nothing. (Where the
 * member is not in --initial-cluster, etcd itself leaves an empty member directory; Sampo may not.)
 */
class StartTest {

  @TempDir private Path directory;

  private final int clientPort = FreePorts.take();
  private final int peerPort = FreePorts.take();

  private CommandResult start(String... more) {
    List<String> words = new ArrayList<>(ServerProgram.underTest().command());
    words.addAll(
        List.of(
            "--data-dir=" + data(),
            "--listen-client-urls=http://127.0.0.1:" + clientPort,
            "--advertise-client-urls=http://127.0.0.1:" + clientPort,
            "--listen-peer-urls=http://127.0.0.1:" + peerPort,
            "--initial-advertise-peer-urls=http://127.0.0.1:" + peerPort,
            "--initial-cluster=default=http://127.0.0.1:" + peerPort));
    words.addAll(List.of(more));
    return Command.of(words).limit(Duration.ofSeconds(30)).in(directory).run();
  }

  private Path data() {
    return directory.resolve("data");
  }

  @ParameterizedTest
  @CsvSource({
    "--no-such-flag=1, no-such-flag",
    "--snapshot-count=many, snapshot-count",
    "--listen-client-urls=http://example.com:1, example.com",
    "--listen-client-urls=nonsense, nonsense",
    "--initial-cluster=other=http://127.0.0.1:1, initial",
    "--election-timeout=10, election",
    "--auto-compaction-mode=sometimes, sometimes",
    "--config-file=/no/such/file.yaml, /no/such/file.yaml",
  })
  void badFlagsAreNamed(String flag, String named) {
    CommandResult result = start(flag);
    String said = result.out() + result.err();
    assertTrue(result.exitCode() == 1 || result.exitCode() == 2, said);
    assertTrue(said.contains(named), said);
    assertFalse(Files.exists(data().resolve("member")), "nothing is written");
  }

  /** Written by a shell: this test's own Java may know no such character. */
  @Test
  void flagsAreUtf8InEveryLocale() {
    String script = "exec \"$@\" --config-file=$(printf '/no/\\303\\261')";
    List<String> words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    words.addAll(ServerProgram.underTest().command());
    String said = Command.of(words).environment(Map.of("LC_ALL", "C")).run().err();
    assertTrue(said.contains("open /no/\u00f1: no such file or directory"), said);
  }

  @Test
  void aUsedPortIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(clientPort, 1, InetAddress.getLoopbackAddress())) {
      CommandResult result = start();
      String said = result.out() + result.err();
      assertEquals(1, result.exitCode(), said);
      assertTrue(said.contains("127.0.0.1:" + other.getLocalPort()), said);
    }
  }

  @Test
  void aDataDirectoryThatIsAFileIsNamed() throws IOException {
    Files.writeString(data(), "not a directory");
    CommandResult result = start();
    assertEquals(1, result.exitCode());
    assertTrue((result.out() + result.err()).contains(data().toString()));
    assertEquals("not a directory", Files.readString(data()));
  }

  @Test
  void aDirectoryInUseIsNotOpenedTwice() throws InterruptedException {
    try (ServerUnderTest server = ServerUnderTest.start(ServerProgram.underTest())) {
      List<String> words = new ArrayList<>(ServerProgram.underTest().command());
      words.addAll(
          List.of(
              "--data-dir=" + server.dataDirectory(),
              "--listen-client-urls=http://127.0.0.1:" + clientPort,
              "--advertise-client-urls=http://127.0.0.1:" + clientPort,
              "--listen-peer-urls=http://127.0.0.1:" + peerPort));
      Process second = startQuietly(words);
      // etcd waits for the lock, Sampo gives up: neither may serve.
      second.waitFor(5, java.util.concurrent.TimeUnit.SECONDS);
      assertTrue(
          io.sampo.tests.process.Http.tryGet("http://127.0.0.1:" + clientPort + "/health")
              .isEmpty());
      second.destroyForcibly().waitFor();
      assertTrue(server.isRunning());
    }
  }

  private Process startQuietly(List<String> words) {
    try {
      return new ProcessBuilder(words)
          .redirectErrorStream(true)
          .redirectOutput(directory.resolve("second.log").toFile())
          .start();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void versionAndHelp() {
    List<String> words = new ArrayList<>(ServerProgram.underTest().command());
    words.add("--version");
    CommandResult version = Command.of(words).in(directory).run().succeeded();
    assertTrue(version.out().startsWith("etcd Version: 3.7.1\n"), version.out());
    words.set(words.size() - 1, "--help");
    CommandResult help = Command.of(words).in(directory).run().succeeded();
    assertTrue((help.out() + help.err()).contains("--listen-client-urls"));
    assertFalse(Files.exists(data()));
  }

  @Test
  void theDirectoryIsPrivateAndATermEndsItSoon() throws IOException {
    try (ServerUnderTest server = ServerUnderTest.start(ServerProgram.underTest())) {
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(server.dataDirectory())));
      assertTrue(server.stop().compareTo(Duration.ofSeconds(5)) < 0);
      server.start();
    }
  }
}
