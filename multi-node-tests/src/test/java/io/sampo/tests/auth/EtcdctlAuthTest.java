package io.sampo.tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users, roles and tokens as an operator and the clients of an operator meet them. */
@RequiresTool("etcdctl")
class EtcdctlAuthTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String DENIED = "etcdserver: permission denied";
  private static final String CHEAP = "--bcrypt-cost=4";

  /** Root, and a user api whose role app has what is below /app/. */
  private static void enable(ServerUnderTest server) {
    Etcdctl etcdctl = new Etcdctl(server);
    etcdctl.lines("user", "add", "root:rootpw");
    etcdctl.lines("user", "grant-role", "root", "root");
    etcdctl.lines("role", "add", "app");
    etcdctl.lines("role", "grant-permission", "app", "readwrite", "/app/", "--prefix");
    etcdctl.lines("user", "add", "api:apipw");
    etcdctl.lines("user", "grant-role", "api", "app");
    etcdctl.lines("auth", "enable");
  }

  private static CommandResult as(ServerUnderTest server, String user, String... words) {
    return new Etcdctl(server)
        .run(Stream.concat(Stream.of("--user", user), Stream.of(words)).toArray(String[]::new));
  }

  private static CommandResult root(ServerUnderTest server, String... words) {
    return as(server, "root:rootpw", words).succeeded();
  }

  private static void denied(String text, CommandResult result) {
    String said = result.failed().out() + result.err();
    assertTrue(said.contains(text), said);
  }

  @Test
  void aUserMayDoWhatItsRoleGrantsOnEveryMember() {
    try (ClusterUnderTest cluster = ClusterUnderTest.start(ServerProgram.underTest(), 3, CHEAP)) {
      enable(cluster.member(0));
      for (ServerUnderTest member : cluster.members()) {
        as(member, "api:apipw", "put", "/app/x", "1").succeeded();
        assertEquals(List.of("/app/x", "1"), as(member, "api:apipw", "get", "/app/x").lines());
        denied(DENIED, as(member, "api:apipw", "get", "/other"));
        denied(DENIED, as(member, "api:apipw", "put", "/other", "1"));
        denied(DENIED, as(member, "api:apipw", "user", "list"));
        denied("etcdserver: user name is empty", new Etcdctl(member).run("get", "/app/x"));
        denied(
            "authentication failed, invalid user ID or password",
            as(member, "api:wrong", "get", "/app/x"));
        assertEquals(List.of("api", "root"), root(member, "user", "list").lines());
      }
      aTokenIsOneOnEveryMember(cluster);
      root(cluster.member(1), "auth", "disable");
      assertEquals(List.of("/app/x", "1"), new Etcdctl(cluster.member(2)).lines("get", "/app/x"));
      for (ServerUnderTest member : cluster.members()) {
        for (String secret : List.of("rootpw", "apipw", "/app/x")) {
          assertFalse(member.log().contains(secret), secret);
        }
      }
    }
  }

  private static void aTokenIsOneOnEveryMember(ClusterUnderTest cluster) {
    for (int i = 0; i < 20; i++) {
      String token = token(cluster.member(i % 3));
      for (ServerUnderTest member : cluster.members()) {
        assertEquals(200, range(member, token, "/app/x").status());
        assertEquals(403, range(member, token, "/other").status());
      }
    }
    Http.Answer none =
        Http.send(
            "POST",
            cluster.member(0).url() + "/v3/kv/range",
            "{\"key\":\"" + base64("/app/x") + "\"}");
    assertEquals(400, none.status());
    assertEquals(401, range(cluster.member(0), "nonsense.1", "/app/x").status());
    assertEquals(401, range(cluster.member(0), "nonsense.99999999", "/app/x").status());
  }

  private static String token(ServerUnderTest server) {
    Http.Answer answer =
        Http.send(
            "POST",
            server.url() + "/v3/auth/authenticate",
            "{\"name\":\"api\",\"password\":\"apipw\"}");
    assertEquals(200, answer.status(), answer::body);
    return JsonParser.parseString(answer.body()).getAsJsonObject().get("token").getAsString();
  }

  private static Http.Answer range(ServerUnderTest server, String token, String key) {
    return Http.postAs(
        token,
        server.url() + "/v3/kv/range",
        "{\"serializable\":true,\"key\":\"" + base64(key) + "\"}");
  }

  @Test
  void aWatchEndsWithItsPermission() {
    try (ServerUnderTest server = ServerUnderTest.start(ServerProgram.underTest(), CHEAP)) {
      enable(server);
      denied(DENIED, as(server, "api:apipw", "watch", "/other"));
      try (RunningCommand watch =
          new Etcdctl(server).start("--user", "api:apipw", "watch", "--prefix", "/app/")) {
        Await.until(
            LIMIT,
            () -> "no event; " + watch.lines(),
            () -> {
              root(server, "put", "/app/a", "before");
              return watch.lines().contains("before");
            });
        root(server, "role", "revoke-permission", "app", "/app/", "--prefix");
        root(server, "put", "/app/a", "secret");
        // What is wrong is in the stream; etcdctl says no more than this.
        watch.await(
            "the end",
            lines -> lines.stream().anyMatch(line -> line.contains("canceled by the server")));
        assertFalse(watch.lines().contains("secret"), () -> watch.lines().toString());
      }
    }
  }

  @Test
  void usersOutliveARestartAndTokensDoNot() {
    try (ServerUnderTest server =
        ServerUnderTest.start(ServerProgram.underTest(), CHEAP, "--snapshot-count=10")) {
      enable(server);
      // The log then weighs more than the state, so that a snapshot is due.
      for (int i = 0; i < 12; i++) {
        root(server, "put", "/app/x", "x".repeat(10_000) + i);
      }
      root(server, "compaction", "--physical", "13");
      root(server, "put", "/app/x", "28");
      Await.until(LIMIT, server::log, () -> server.log().contains("saved snapshot"));
      root(server, "put", "/app/x", "29");
      String token = token(server);
      assertEquals(200, range(server, token, "/app/x").status());
      server.kill();
      server.start();
      assertEquals(401, range(server, token, "/app/x").status());
      assertEquals(List.of("/app/x", "29"), as(server, "api:apipw", "get", "/app/x").lines());
      denied(DENIED, as(server, "api:apipw", "get", "/other"));
    }
  }

  @Test
  @RequiresTool("openssl")
  void aCertificatesNameIsAUserButNotThroughTheGateway(@TempDir Path folder) {
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("ca", "server");
    certificates.issue("ca", "api");
    certificates.issue("ca", "root");
    try (ServerUnderTest server =
        ServerUnderTest.start(
            ServerProgram.underTest(),
            CHEAP,
            "--cert-file=" + certificates.cert("server"),
            "--key-file=" + certificates.key("server"),
            "--trusted-ca-file=" + certificates.cert("ca"),
            "--client-cert-auth")) {
      enable(server);
      assertEquals(
          List.of("api", "root"),
          Etcdctl.overTls(server, certificates, "root").run("user", "list").lines());
      Etcdctl.overTls(server, certificates, "api").run("put", "/app/x", "1").succeeded();
      denied(DENIED, Etcdctl.overTls(server, certificates, "api").run("put", "/other", "1"));
      denied(DENIED, Etcdctl.overTls(server, certificates, "server").run("get", "/app/x"));
      denied(
          DENIED,
          Etcdctl.overTls(server, certificates, "api").run("--user", "api:apipw", "get", "/other"));
      denied("user name is empty", new Etcdctl(server).run("get", "/app/x"));
      String gateway =
          Command.of(
                  List.of(
                      "curl",
                      "-s",
                      "--cacert",
                      certificates.cert("ca"),
                      "--cert",
                      certificates.cert("root"),
                      "--key",
                      certificates.key("root"),
                      "-d",
                      "{}",
                      server.tlsUrl() + "/v3/auth/user/list"))
              .run()
              .out();
      assertTrue(gateway.contains("CommonName of client"), gateway);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
