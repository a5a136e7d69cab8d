package io.sampo.tests.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three members that are restarted one after the other, and whose space runs out. */
@RequiresTool("etcdctl")
class MaintenanceDrillTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int QUOTA_BYTES = 2_000_000;

  @Test
  void membersAreRestartedAndSpaceIsReclaimed() {
    try (ClusterUnderTest cluster =
        ClusterUnderTest.start(
            ServerProgram.underTest(), 3, "--quota-backend-bytes=" + QUOTA_BYTES)) {
      noRequestFailsWhileEachIsRestarted(cluster);
      spaceRunsOutAndIsReclaimed(cluster);
    }
  }

  private static void noRequestFailsWhileEachIsRestarted(ClusterUnderTest cluster) {
    try (RetryingWriter writer = RetryingWriter.start("rolling/", cluster.members(), "")) {
      writer.awaitMore(50);
      for (ServerUnderTest member : cluster.members()) {
        member.stop();
        writer.awaitMore(50);
        member.start();
        writer.awaitMore(50);
      }
      writer.stopWithoutFailure();
      for (ServerUnderTest member : cluster.members()) {
        try (GrpcClient client = new GrpcClient(member.endpoint())) {
          writer.assertKept(new Etcd(client));
        }
      }
    }
  }

  private static void spaceRunsOutAndIsReclaimed(ClusterUnderTest cluster) {
    Etcdctl etcdctl = new Etcdctl(cluster.member(0));
    String big = "x".repeat(100_000);
    Await.until(
        LIMIT,
        () -> "no alarm",
        () -> {
          var put = etcdctl.run("put", "big", big);
          return put.exitCode() != 0 && put.err().contains("mvcc: database space exceeded");
        });
    List<String> alarms = etcdctl.lines("alarm", "list");
    assertTrue(
        !alarms.isEmpty()
            && alarms.stream().allMatch(line -> line.strip().endsWith("alarm:NOSPACE")),
        alarms::toString);
    assertHealth(cluster, "{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}");
    assertEquals(2, etcdctl.lines("get", "big").size(), "reads are served");

    etcdctl.lines("compact", Long.toString(etcdctl.revision()), "--physical");
    for (ServerUnderTest member : cluster.members()) {
      new Etcdctl(member).lines("defrag");
    }
    assertEquals(alarms.size(), etcdctl.lines("alarm", "disarm").size());
    assertEquals(List.of(), etcdctl.lines("alarm", "list"));
    for (ServerUnderTest member : cluster.members()) {
      new Etcdctl(member).put("after", "space");
    }
    assertHealth(cluster, "{\"health\":\"true\",\"reason\":\"\"}");
  }

  private static void assertHealth(ClusterUnderTest cluster, String health) {
    for (ServerUnderTest member : cluster.members()) {
      Await.until(LIMIT, () -> health(member), () -> health(member).equals(health));
    }
  }

  private static String health(ServerUnderTest member) {
    return Http.tryGet(member.url() + "/health").map(answer -> answer.body().strip()).orElse("");
  }
}
