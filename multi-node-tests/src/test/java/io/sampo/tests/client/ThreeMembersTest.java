package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A static cluster of three processes, one of which is killed and comes back. */
@RequiresTool("etcdctl")
class ThreeMembersTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private ClusterUnderTest cluster;

  @BeforeEach
  void start() {
    cluster =
        ClusterUnderTest.start(
            ServerProgram.underTest(), 3, "--snapshot-count=60", "--snapshot-catchup-entries=10");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Etcdctl on(int member) {
    return new Etcdctl(cluster.member(member));
  }

  @Test
  void anyMemberServesAndAKilledOneCatchesUp() {
    for (int member = 0; member < 3; member++) {
      on(member).put("of/" + member, "value");
    }
    for (int member = 0; member < 3; member++) {
      assertEquals(
          List.of("of/0", "value", "of/1", "value", "of/2", "value"),
          on(member).lines("get", "--prefix", "of/"));
      // kube-apiserver reads from its cache only if each member says a version that it can read.
      assertEquals("3.7.1", on(member).status().get("version").getAsString());
    }
    leasesLiveThroughAnyMember();

    int leader = leader();
    cluster.member(leader).kill();
    int other = (leader + 1) % 3;
    Await.until(
        LIMIT,
        () -> "no writes after the leader's death",
        () -> on(other).run("put", "after", "death").exitCode() == 0);
    // More than the snapshot and its tail hold: the leader has to send its state.
    for (int i = 0; i < 150; i++) {
      on(other).put("while/" + i % 30, "away " + i);
    }
    cluster.member(leader).start();
    assertEquals(on(other).lines("get", "while/29"), on(leader).lines("get", "while/29"));
    assertTrue(
        cluster.member(leader).log().contains("applied snapshot"), "caught up by a snapshot");
    on(leader).put("back", "again");
    Await.until(
        LIMIT, () -> "different hashes: " + hashes(), () -> Set.copyOf(hashes()).size() == 1);
  }

  private void leasesLiveThroughAnyMember() {
    String lease = on(0).lines("lease", "grant", "500").get(0).split(" ")[1];
    on(1).put("leased", "value", "--lease=" + lease);
    for (int member = 0; member < 3; member++) {
      assertEquals(
          List.of("lease " + lease + " keepalived with TTL(500)"),
          on(member).lines("lease", "keep-alive", "--once", lease));
      String left = on(member).lines("lease", "timetolive", "--keys", lease).get(0);
      assertTrue(left.startsWith("lease " + lease + " granted with TTL(500s), remaining("), left);
      assertTrue(left.endsWith("attached keys([leased])"), left);
    }
    on(2).lines("lease", "revoke", lease);
    assertEquals(List.of(), on(1).lines("get", "leased"));
  }

  private int leader() {
    for (int member = 0; member < 3; member++) {
      var answer = on(member).status();
      if (answer.get("leader").equals(answer.getAsJsonObject("header").get("member_id"))) {
        return member;
      }
    }
    throw new AssertionError("nobody leads");
  }

  private List<String> hashes() {
    return IntStream.range(0, 3).mapToObj(this::hash).toList();
  }

  private String hash(int member) {
    var hash =
        on(member)
            .json("endpoint", "hashkv")
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("HashKV");
    return hash.getAsJsonObject("header").get("revision") + " " + hash.get("hash");
  }
}
