package io.sampo.tests.mixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import io.sampo.node.auth.Caller;
import io.sampo.node.auth.PasswordHashes;
import io.sampo.node.auth.TokenProvider;
import io.sampo.node.auth.TokenSettings;
import io.sampo.node.auth.Tokens;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens and passwords of a real etcd and of Sampo are the same things. */
class TokenInterchangeTest {
  private static final String PASSWORD = "pässword";
  private static final Pattern HASH = Pattern.compile("\\$2a\\$05\\$[./A-Za-z0-9]{53}");

  private final TempDirectory temporary = TempDirectory.create("sampo-tokens");

  @AfterEach
  void clean() {
    temporary.close();
  }

  private static ServerProgram etcd() {
    var etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    return etcd.get();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
        "HS256", "HS384", "HS512"
      })
  void eachTakesTheTokensOfTheOther(String method) throws Exception {
    String options = "jwt,ttl=10m,sign-method=" + method + ",priv-key=" + keyFile(method);
    TokenProvider tokens =
        Tokens.open(
            TokenSettings.of(options, 0),
            new Tokens.Sources(System::nanoTime, System::currentTimeMillis, Random::new));
    try (ServerUnderTest server = ServerUnderTest.start(etcd(), "--auth-token=" + options)) {
      String token = tokenOfRoot(server);
      Caller caller = tokens.caller(token, 0);
      assertEquals("root", caller.user());
      assertEquals(200, range(server, token));

      assertEquals(200, range(server, tokens.assign("root", caller.authRevision(), "")));
      assertEquals(401, range(server, tokens.assign("root", caller.authRevision(), "") + "A"));
      assertEquals(400, range(server, tokens.assign("root", caller.authRevision() - 1, "")));
    }
  }

  @Test
  void passwordsThatEtcdHashedAreKnown() throws IOException {
    PasswordHashes hashes = new PasswordHashes(5, Random::new, Runnable::run);
    try (ServerUnderTest server = ServerUnderTest.start(etcd(), "--bcrypt-cost=5")) {
      tokenOfRoot(server);
      server.stop();
      byte[] database = Files.readAllBytes(server.dataDirectory().resolve("member/snap/db"));
      String hash =
          HASH.matcher(new String(database, StandardCharsets.ISO_8859_1))
              .results()
              .map(MatchResult::group)
              .findFirst()
              .orElseThrow();
      byte[] stored = hash.getBytes(StandardCharsets.ISO_8859_1);
      assertTrue(hashes.matches(stored, PASSWORD).join());
      assertTrue(!hashes.matches(stored, "password").join());
    }
  }

  private static String tokenOfRoot(ServerUnderTest server) {
    String root = "{\"name\":\"root\",\"password\":\"" + PASSWORD + "\"}";
    post(server, "user/add", root);
    post(server, "user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
    post(server, "enable", "{}");
    return JsonParser.parseString(post(server, "authenticate", root))
        .getAsJsonObject()
        .get("token")
        .getAsString();
  }

  private static String post(ServerUnderTest server, String call, String body) {
    Http.Answer answer = Http.send("POST", server.url() + "/v3/auth/" + call, body);
    assertEquals(200, answer.status(), answer.body());
    return answer.body();
  }

  private static int range(ServerUnderTest server, String token) {
    return Http.postAs(token, server.url() + "/v3/kv/range", "{\"key\":\"YQ==\"}").status();
  }

  private Path keyFile(String method) throws IOException, GeneralSecurityException {
    Path file = temporary.path().resolve("key");
    if (method.startsWith("HS")) {
      return Files.writeString(file, "geheim\n");
    }
    byte[] key = pair(method).getPrivate().getEncoded();
    return Files.writeString(
        file,
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(key)));
  }

  private static KeyPair pair(String method) throws GeneralSecurityException {
    if (method.equals("EdDSA")) {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }
    if (!method.startsWith("ES")) {
      return KeyPairGenerator.getInstance("RSA").generateKeyPair();
    }
    KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
    pairs.initialize(
        new ECGenParameterSpec(
            switch (method) {
              case "ES256" -> "secp256r1";
              case "ES384" -> "secp384r1";
              default -> "secp521r1";
            }));
    return pairs.generateKeyPair();
  }
}
