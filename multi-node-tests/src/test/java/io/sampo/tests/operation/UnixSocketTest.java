package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients, scrapers and members that meet at sockets in the file system. */
@RequiresTool({"etcdctl", "openssl", "curl"})
class UnixSocketTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void clientsComeThroughAFileThatGoesWithTheProcess() {
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("ca", "server");
    Path plain = folder.resolve("plain:1");
    Path secure = folder.resolve("secure");
    Path metrics = folder.resolve("metrics");
    try (ServerUnderTest server =
        ServerUnderTest.preparedOn(ServerProgram.underTest(), folder.resolve("data"))) {
      String[] flags = {
        "--cert-file=" + certificates.cert("server"),
        "--key-file=" + certificates.key("server"),
        "--listen-client-urls=%s,unix://%s,unixs://%s".formatted(server.url(), plain, secure),
        "--listen-metrics-urls=unix://" + metrics,
        "--advertise-client-urls=unix://" + plain
      };
      server.launchWith(flags);
      server.awaitReady();
      assertEquals(
          "OK", etcdctl("--endpoints=unix://" + plain, "put", "key", "value").out().trim());
      assertTrue(curl(plain, "http://localhost/health").contains("true"));
      assertTrue(
          curl(secure, "-k", "https://localhost/v3/kv/range", "-d", "{\"key\":\"a2V5\"}")
              .contains("dmFsdWU="));
      assertTrue(curl(metrics, "http://localhost/metrics").contains("etcd_server_has_leader 1"));
      server.kill();
      assertTrue(Files.exists(plain));
      server.start();
      assertEquals(
          List.of("key", "value"), etcdctl("--endpoints=unix://" + plain, "get", "key").lines());
      server.stop();
      for (Path file : List.of(plain, secure, metrics)) {
        assertFalse(Files.exists(file), file.toString());
      }
    }
  }

  @Test
  void membersMeetAtSocketsInTheFileSystem() {
    List<ServerUnderTest> members = new ArrayList<>();
    List<String> cluster = new ArrayList<>();
    try {
      for (int i = 1; i <= 3; i++) {
        members.add(ServerUnderTest.preparedOn(ServerProgram.underTest(), folder.resolve("d" + i)));
        cluster.add("n" + i + "=unix://" + folder.resolve("peer" + i));
      }
      for (int i = 1; i <= 3; i++) {
        String peer = "unix://" + folder.resolve("peer" + i);
        members
            .get(i - 1)
            .launchWith(
                "--name=n" + i,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + String.join(",", cluster));
      }
      members.forEach(ServerUnderTest::awaitReady);
      String first = "--endpoints=" + members.get(0).url();
      assertEquals("OK", etcdctl(first, "put", "key", "value").out().trim());
      String last = "--endpoints=" + members.get(2).url();
      assertEquals(List.of("key", "value"), etcdctl(last, "get", "key").lines());
      assertEquals(3, etcdctl(first, "member", "list").lines().size());
    } finally {
      members.forEach(ServerUnderTest::close);
    }
  }

  @Test
  void aFileThatIsNoSocketStopsTheStart() throws Exception {
    Path file = folder.resolve("file");
    Files.writeString(file, "content");
    try (ServerUnderTest server =
        ServerUnderTest.preparedOn(ServerProgram.underTest(), folder.resolve("data"))) {
      server.launchWith("--listen-client-urls=unix://" + file);
      assertEquals(1, server.awaitExit(LIMIT));
      assertTrue(
          server.log().contains("listen unix " + file + ": bind: address already in use"),
          server.log());
      assertEquals("content", Files.readString(file));
    }
  }

  private static CommandResult etcdctl(String... words) {
    List<String> command = new ArrayList<>(List.of("etcdctl"));
    command.addAll(List.of(words));
    return Command.of(command).environment(Map.of("ETCDCTL_API", "3")).run().succeeded();
  }

  private static String curl(Path socket, String... words) {
    List<String> command =
        new ArrayList<>(List.of("curl", "-sS", "-m", "60", "--unix-socket", socket.toString()));
    command.addAll(List.of(words));
    return Command.of(command).run().succeeded().out();
  }
}
