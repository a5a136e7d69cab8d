package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process that demands certificates of its clients: gRPC, and the gateway on the same port. */
@RequiresTool({"etcdctl", "openssl", "curl"})
class ClientTlsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String REJECTED = "rejected connection on client endpoint";

  @TempDir Path folder;

  @Test
  void grpcAndJsonForThoseWithACertificate() {
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("ca", "server");
    certificates.issue("ca", "user");
    try (ServerUnderTest server =
        ServerUnderTest.start(
            ServerProgram.underTest(),
            "--cert-file=" + certificates.cert("server"),
            "--key-file=" + certificates.key("server"),
            "--trusted-ca-file=" + certificates.cert("ca"),
            "--client-cert-auth")) {
      assertEquals(
          0, Etcdctl.overTls(server, certificates, "user").run("put", "key", "value").exitCode());
      assertEquals(
          List.of("key", "value"),
          Etcdctl.overTls(server, certificates, "user").run("get", "key").lines());
      String range = server.tlsUrl() + "/v3/kv/range";
      for (String version : List.of("--http2", "--http1.1")) {
        String answer =
            curl(certificates, version, "-d", "{\"key\":\"a2V5\"}", "-w", "%{http_version}", range);
        assertTrue(answer.contains("\"value\":\"dmFsdWU=\""), answer);
        assertTrue(answer.endsWith(version.endsWith("2") ? "2" : "1.1"), answer);
      }
      refused(server);
      // The plain port beside it is none the worse.
      new Etcdctl(server).put("key", "after");
    }
  }

  /** What etcd's TestConnectionMultiplexing asks for. */
  @Test
  void bothSchemesOnOnePort() {
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("ca", "server");
    ServerUnderTest server =
        ServerUnderTest.preparedOn(
            ServerProgram.underTest(),
            null,
            "--cert-file=" + certificates.cert("server"),
            "--key-file=" + certificates.key("server"));
    try (server) {
      String secure = server.url().replace("http:", "https:");
      server.launchWith(
          "--cert-file=" + certificates.cert("server"),
          "--key-file=" + certificates.key("server"),
          "--listen-client-urls=" + server.url() + "," + secure);
      server.awaitReady();
      new Etcdctl(server).put("key", "plain");
      CommandResult get =
          Command.of(
                  List.of(
                      "etcdctl",
                      "--endpoints=" + secure,
                      "--cacert=" + certificates.cert("ca"),
                      "get",
                      "key"))
              .environment(Map.of("ETCDCTL_API", "3"))
              .run();
      assertEquals(List.of("key", "plain"), get.lines());
      for (String version : List.of("--http2", "--http1.1", "-4")) {
        for (String url : List.of(server.url(), secure)) {
          for (String path : List.of("/version", "/metrics", "/health", "/debug/vars")) {
            String answer =
                run("curl", "-s", "-k", "-m", "100", "-w", "\n%{http_code}", version, url + path);
            assertTrue(answer.endsWith("\n200"), url + path + ": " + answer);
          }
          assertTrue(
              run("curl", "-s", "-k", "-m", "100", version, "-d", "{}", url + "/v3/kv/range")
                  .contains("key is not provided"));
        }
      }
      assertTrue(server.log().contains("serving client traffic insecurely"));
      assertTrue(server.log().contains("serving client traffic securely"));
    }
  }

  private static void refused(ServerUnderTest server) {
    assertFalse(
        run("curl", "-s", "-k", "-m", "100", server.tlsUrl() + "/version").contains("etcd"));
    Await.until(LIMIT, () -> "no line", () -> server.log().contains(REJECTED));
    String plain = server.tlsUrl().replace("https", "http");
    assertFalse(run("curl", "-s", "-m", "100", plain + "/version").contains("etcdserver"));
    Await.until(
        LIMIT,
        () -> "no line about plain HTTP",
        () -> server.log().contains("first record does not look like a TLS handshake"));
  }

  private static String curl(Certificates certificates, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "-s",
                "-m",
                "100",
                "--cacert",
                certificates.cert("ca"),
                "--cert",
                certificates.cert("user"),
                "--key",
                certificates.key("user")));
    command.addAll(List.of(words));
    return run(command.toArray(String[]::new));
  }

  private static String run(String... command) {
    return Command.of(List.of(command)).run().out();
  }
}
