package io.sampo.tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.tests.client.Curl;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import org.junit.jupiter.api.Test;

/** Who may not is told so in JSON; a change through one member counts at all. */
@RequiresTool({"etcdctl", "curl"})
class UsersAndRolesTest {
  private static final String QUICK_HASHES = "--bcrypt-cost=4";

  /** JSON's form of app/k. */
  private static final String KEY = "{\"key\":\"" + Curl.base64("app/k") + "\"}";

  @Test
  void jsonTellsWhoMayNot() {
    try (ServerUnderTest server = ServerUnderTest.start(ServerProgram.underTest(), QUICK_HASHES)) {
      UsersAndRoles.create(new Etcdctl(server));
      Curl curl = new Curl(server);
      Curl.Answer nobody = curl.post("/v3/kv/range", KEY);
      assertEquals(400, nobody.status());
      assertEquals("etcdserver: user name is empty", nobody.json().get("message").getAsString());
      Curl.Answer wrong = curl.post("/v3/auth/authenticate", password("ann", "pears"));
      assertEquals(400, wrong.status());
      assertEquals(
          "etcdserver: authentication failed, invalid user ID or password",
          wrong.json().get("message").getAsString());
      String token = token(curl, "ann", "apples");
      Curl.Answer denied = curl.get("/v3/auth/user/list", "-d", "{}", "-H", header(token));
      assertEquals(403, denied.status());
      assertEquals("etcdserver: permission denied", denied.json().get("message").getAsString());
      assertEquals(401, curl.get("/v3/kv/range", "-d", KEY, "-H", header("none")).status());
    }
  }

  @Test
  void everyMemberOfAClusterKnowsUsersAndTokens() {
    try (ClusterUnderTest cluster =
        ClusterUnderTest.start(ServerProgram.underTest(), 3, QUICK_HASHES)) {
      UsersAndRoles.create(new Etcdctl(cluster.member(0)));
      String token = token(new Curl(cluster.member(1)), "ann", "apples");
      for (ServerUnderTest member : cluster.members()) {
        UsersAndRoles.hold(new Etcdctl(member));
        Curl.Answer read = new Curl(member).get("/v3/kv/range", "-d", KEY, "-H", header(token));
        assertEquals(200, read.status(), read.body());
      }
      new Etcdctl(cluster.member(2))
          .lines("role", "revoke-permission", "app", "app/", "--prefix", UsersAndRoles.ROOT);
      for (ServerUnderTest member : cluster.members()) {
        UsersAndRoles.assertDenied(new Etcdctl(member), "get", "app/k", UsersAndRoles.ANN);
      }
    }
  }

  private static String token(Curl curl, String user, String password) {
    Curl.Answer answer = curl.post("/v3/auth/authenticate", password(user, password));
    assertEquals(200, answer.status(), answer.body());
    return answer.json().get("token").getAsString();
  }

  private static String password(String user, String password) {
    return "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(user, password);
  }

  private static String header(String token) {
    return "Authorization: " + token;
  }
}
