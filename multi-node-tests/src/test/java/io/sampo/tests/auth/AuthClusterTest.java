package io.sampo.tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Users, roles and tokens of a cluster with members of both kinds. */
@RequiresTool("etcdctl")
class AuthClusterTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String QUICK_HASHES = "--bcrypt-cost=4";
  private static final String KEY = "{\"key\":\"YXBwL2s=\"}"; // app/k

  @Test
  void sampoIsSentTheUsersOfEtcd() {
    share(etcd(), ServerProgram.underTest());
  }

  @Test
  void etcdIsSentTheUsersOfSampo() {
    share(ServerProgram.underTest(), etcd());
  }

  private static ServerProgram etcd() {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    return etcd.get();
  }

  private static void share(ServerProgram old, ServerProgram young) {
    try (ServerUnderTest first =
            ServerUnderTest.start(
                old, QUICK_HASHES, "--snapshot-count=50", "--snapshot-catchup-entries=20");
        ServerUnderTest second =
            ServerUnderTest.joining(young, "m2", List.of(first), QUICK_HASHES)) {
      UsersAndRoles.create(new Etcdctl(first));
      for (int i = 0; i < 100; i++) {
        new Etcdctl(first).lines("put", "app/k", "v" + i, UsersAndRoles.ANN);
      }
      join(first, second);
      UsersAndRoles.hold(new Etcdctl(second));
      UsersAndRoles.hold(new Etcdctl(first));
      tokensCountEverywhere(first, second);
      tokensCountEverywhere(second, first);
      assertEquals(revision(first), revision(second));
      changesThrough(second, first);
      changesThrough(first, second);
      assertEquals(revision(first), revision(second));
    }
  }

  private static void join(ServerUnderTest first, ServerUnderTest second) {
    Etcdctl etcdctl = new Etcdctl(first);
    etcdctl.lines(
        "member", "add", "m2", "--learner", "--peer-urls=" + second.peerUrl(), UsersAndRoles.ROOT);
    second.start();
    String id =
        etcdctl.lines("member", "list", UsersAndRoles.ROOT).stream()
            .filter(line -> line.contains(second.peerUrl()))
            .map(line -> line.split(", ")[0])
            .findFirst()
            .orElseThrow();
    Await.until(
        LIMIT,
        () -> "not promoted",
        () -> etcdctl.run("member", "promote", id, UsersAndRoles.ROOT).exitCode() == 0);
    Etcdctl other = new Etcdctl(second);
    Await.until(
        LIMIT,
        () -> "m2 does not serve",
        () -> other.run("get", "other", UsersAndRoles.ROOT).exitCode() == 0);
  }

  private static void tokensCountEverywhere(ServerUnderTest giver, ServerUnderTest taker) {
    String token =
        post(giver, "/v3/auth/authenticate", "{\"name\":\"ann\",\"password\":\"apples\"}")
            .get("token")
            .getAsString();
    for (ServerUnderTest member : List.of(giver, taker)) {
      Http.Answer answer = Http.postAs(token, member.url() + "/v3/kv/range", KEY);
      assertEquals(200, answer.status(), answer.body());
    }
  }

  /** What is granted and revoked through one member counts at the other. */
  private static void changesThrough(ServerUnderTest member, ServerUnderTest other) {
    Etcdctl there = new Etcdctl(member);
    Etcdctl here = new Etcdctl(other);
    UsersAndRoles.assertDenied(here, "get", "other", UsersAndRoles.ANN);
    there.lines("role", "grant-permission", "app", "read", "other", UsersAndRoles.ROOT);
    assertEquals(List.of("other", "open"), here.lines("get", "other", UsersAndRoles.ANN));
    UsersAndRoles.assertDenied(here, "put", "other", "x", UsersAndRoles.ANN);
    there.lines("role", "revoke-permission", "app", "other", UsersAndRoles.ROOT);
    UsersAndRoles.assertDenied(here, "get", "other", UsersAndRoles.ANN);
    there.lines("user", "add", "bob:pears", UsersAndRoles.ROOT);
    here.lines("user", "grant-role", "bob", "app", UsersAndRoles.ROOT);
    assertEquals(List.of("app/k", "v"), there.lines("get", "app/k", "--user=bob:pears"));
    here.lines("user", "delete", "bob", UsersAndRoles.ROOT);
  }

  private static long revision(ServerUnderTest server) {
    return post(server, "/v3/auth/status", "{}").get("authRevision").getAsLong();
  }

  private static JsonObject post(ServerUnderTest server, String path, String body) {
    Http.Answer answer = Http.send("POST", server.url() + path, body);
    assertEquals(200, answer.status(), answer.body());
    return JsonParser.parseString(answer.body()).getAsJsonObject();
  }
}
