package io.sampo.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.gateway.EdgeFixture.Answer;
import io.sampo.protocol.etcdserverpb.AlarmType;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every expectation here is what etcd 3.7.1 answered in the same state. */
class HealthEndpointsTest {
  private static final ActorSystem SYSTEM = ActorSystem.create("health-test");

  private final EdgeFixture edge = new EdgeFixture(SYSTEM);

  @AfterAll
  static void stop() {
    TestKit.shutdownActorSystem(SYSTEM);
  }

  private void assertUnhealthy(String path, String reason) throws Exception {
    Answer answer = edge.get(path);
    assertEquals(503, answer.status());
    assertEquals("{\"health\":\"false\",\"reason\":\"" + reason + "\"}\n", answer.body());
    assertEquals("text/plain; charset=utf-8", answer.contentType());
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    assertEquals(List.of("health false"), edge.probes.told);
  }

  private void assertHealthy(String path) throws Exception {
    Answer answer = edge.get(path);
    assertEquals(200, answer.status());
    assertEquals("{\"health\":\"true\",\"reason\":\"\"}", answer.body());
    assertEquals("text/plain; charset=utf-8", answer.contentType());
    assertEquals("", answer.header("X-Content-Type-Options"));
    assertEquals(List.of("health true"), edge.probes.told);
  }

  @Test
  void aHealthyNodeSaysSo() throws Exception {
    assertHealthy("/health");
  }

  @Test
  void anAlarmIsUnhealthy() throws Exception {
    edge.probes.raise(AlarmType.NOSPACE);
    assertUnhealthy("/health", "ALARM NOSPACE");
  }

  @Test
  void corruptionIsUnhealthy() throws Exception {
    edge.probes.raise(AlarmType.CORRUPT);
    assertUnhealthy("/health?exclude=NOSPACE", "ALARM CORRUPT");
  }

  @Test
  void anUnknownAlarmIsUnhealthy() throws Exception {
    edge.probes.raise(5);
    assertUnhealthy("/health", "ALARM UNKNOWN");
  }

  @Test
  void excludedAlarmsDoNotCount() throws Exception {
    edge.probes.raise(AlarmType.NOSPACE);
    edge.probes.raise(AlarmType.CORRUPT);
    edge.probes.raise(5);
    assertHealthy("/health?exclude=CORRUPT&exclude=&exclude=NOSPACE&exclude=5");
  }

  @Test
  void withoutLeaderItIsUnhealthy() throws Exception {
    edge.probes.leader = false;
    assertUnhealthy("/health?serializable=1", "RAFT NO LEADER");
  }

  @Test
  void aSerializableCheckNeedsNoLeader() throws Exception {
    edge.probes.leader = false;
    edge.probes.linearizableError = Optional.of("not asked");
    assertHealthy("/health?serializable=true");
  }

  @Test
  void aFailedReadIsUnhealthy() throws Exception {
    edge.probes.linearizableError = Optional.of("etcdserver: <request> timed out");
    assertUnhealthy("/health", "RANGE ERROR:etcdserver: \\u003crequest\\u003e timed out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/livez",
        "/readyz",
        "/livez/serializable_read",
        "/readyz/serializable_read",
        "/readyz/linearizable_read",
        "/readyz/data_corruption",
        "/readyz/non_learner",
        "/readyz?exclude=nope"
      })
  void passedChecksAreOk(String path) throws Exception {
    edge.probes.raise(AlarmType.NOSPACE);
    Answer answer = edge.get(path);
    assertEquals(200, answer.status());
    assertEquals("ok\n", answer.body());
    assertEquals("text/plain; charset=utf-8", answer.contentType());
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
  }

  @Test
  void verboseListsTheChecks() throws Exception {
    assertEquals(
        "[+]data_corruption ok\n[+]serializable_read ok\n[+]linearizable_read ok\n"
            + "[+]non_learner ok\n[+]disk_write ok\nok\n",
        edge.get("/readyz?verbose").body());
    assertEquals("[+]serializable_read ok\nok\n", edge.get("/livez?verbose=0").body());
    assertEquals("ok\n", edge.get("/livez?verbose&exclude=serializable_read").body());
    assertEquals("[+]non_learner ok\nok\n", edge.get("/readyz/non_learner?verbose").body());
  }

  @Test
  void aFailedCheckListsAllOfThem() throws Exception {
    edge.probes.raise(AlarmType.CORRUPT);
    Answer answer = edge.get("/readyz");
    assertEquals(503, answer.status());
    assertEquals(
        "[-]data_corruption failed: alarm activated: CORRUPT\n[+]serializable_read ok\n"
            + "[+]linearizable_read ok\n[+]non_learner ok\n[+]disk_write ok\n\n",
        answer.body());
    assertEquals("text/plain; charset=utf-8", answer.contentType());
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    assertEquals(
        List.of(
            "readyz data_corruption false",
            "readyz serializable_read true",
            "readyz linearizable_read true",
            "readyz non_learner true",
            "readyz disk_write true"),
        edge.probes.told);
  }

  @Test
  void anExcludedCheckIsNotMade() throws Exception {
    edge.probes.linearizableError = Optional.of("etcdserver: request timed out");
    assertEquals(503, edge.get("/readyz").status());
    assertEquals(200, edge.get("/readyz?exclude=linearizable_read").status());
    assertEquals(200, edge.get("/livez").status());
  }

  @Test
  void aLearnerIsAliveButNotReady() throws Exception {
    edge.probes.learner = true;
    assertEquals(
        "[-]non_learner failed: not supported for learner\n\n",
        edge.get("/readyz/non_learner").body());
    assertEquals(200, edge.get("/livez").status());
  }

  /** A restart would not mend its disk, so that it is not told dead. */
  @Test
  void whoWaitsForItsDiskIsAliveButNotReady() throws Exception {
    edge.probes.diskLate = true;
    assertEquals(
        "[-]disk_write failed: the disk does not finish a write\n\n",
        edge.get("/readyz/disk_write").body());
    assertEquals(503, edge.get("/readyz").status());
    assertEquals(200, edge.get("/livez").status());
  }
}
