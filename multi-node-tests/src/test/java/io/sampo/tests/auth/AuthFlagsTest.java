package io.sampo.tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the flags of tokens, passwords and certificates come to where authentication is on. */
class AuthFlagsTest {
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final String ROOT = "{\"name\":\"root\",\"password\":\"secret\"}";
  private static final Pattern HASH = Pattern.compile("\\$2a\\$05\\$[./A-Za-z0-9]{53}");

  @TempDir Path folder;

  @Test
  @RequiresTool("etcdctl")
  void anUnusedSimpleTokenDiesAndPasswordsHaveTheirCost() throws IOException {
    try (ServerUnderTest server =
        ServerUnderTest.start(
            ServerProgram.underTest(), "--auth-token-ttl=" + TTL.toSeconds(), "--bcrypt-cost=5")) {
      addUser(server, "root");
      Path snapshot = folder.resolve("s.db");
      new Etcdctl(server).lines("snapshot", "save", snapshot.toString());
      String stored = new String(Files.readAllBytes(snapshot), StandardCharsets.ISO_8859_1);
      assertTrue(HASH.matcher(stored).find());

      post(server, "enable", "{}");
      String token = token(server);
      assertTrue(token.matches("[a-zA-Z]{16}\\.[0-9]+"), token);
      assertEquals(200, range(server, token).status());
      Await.pause(TTL.plusSeconds(2));
      Http.Answer refused = range(server, token);
      assertEquals(401, refused.status(), refused.body());
      assertTrue(refused.body().contains("etcdserver: invalid auth token"), refused.body());
      assertEquals(200, range(server, token(server)).status());
    }
  }

  @Test
  @RequiresTool({"etcdctl", "openssl"})
  void tokensAreSignedAndACertificateNamesItsUser() throws IOException {
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    for (String name : List.of("server", "root", "alice")) {
      certificates.issue("ca", name);
    }
    try (ServerUnderTest server =
        ServerUnderTest.start(
            ServerProgram.underTest(),
            "--auth-token=jwt,sign-method=ES256,ttl=10m,pub-key=%s,priv-key=%s"
                .formatted(certificates.cert("server"), certificates.key("server")),
            "--cert-file=" + certificates.cert("server"),
            "--key-file=" + certificates.key("server"),
            "--trusted-ca-file=" + certificates.cert("ca"),
            "--client-cert-auth")) {
      addUser(server, "root");
      post(server, "enable", "{}");
      String token = token(server);
      assertEquals(3, token.split("\\.").length, token);
      assertEquals(200, range(server, token).status());
      assertEquals(401, range(server, token + "A").status());

      assertEquals(
          0,
          Etcdctl.overTls(server, certificates, "root").run("user", "add", "alice:a").exitCode());
      assertRefused(
          "etcdserver: permission denied",
          Etcdctl.overTls(server, certificates, "alice").run("get", "key"));
      assertRefused(
          "etcdserver: user name is empty",
          new Etcdctl(server).run("get", "key")); // without a certificate
    }
  }

  private static void assertRefused(String error, CommandResult result) {
    assertTrue(result.exitCode() != 0, result::toString);
    assertTrue(result.toString().contains(error), result::toString);
  }

  private static void addUser(ServerUnderTest server, String name) {
    post(server, "user/add", ROOT);
    post(server, "user/grant", "{\"user\":\"" + name + "\",\"role\":\"root\"}");
  }

  private static String token(ServerUnderTest server) {
    return JsonParser.parseString(post(server, "authenticate", ROOT))
        .getAsJsonObject()
        .get("token")
        .getAsString();
  }

  private static String post(ServerUnderTest server, String call, String body) {
    Http.Answer answer = Http.send("POST", server.url() + "/v3/auth/" + call, body);
    assertEquals(200, answer.status(), answer.body());
    return answer.body();
  }

  private static Http.Answer range(ServerUnderTest server, String token) {
    return Http.postAs(token, server.url() + "/v3/kv/range", "{\"key\":\"YQ==\"}");
  }
}
