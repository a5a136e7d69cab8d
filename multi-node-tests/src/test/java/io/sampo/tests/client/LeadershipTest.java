package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.tests.failover.WriteProbe;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.grpc.GrpcStream;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What clients see when leadership moves, is lost, or comes back from the dead. Three processes
 * that wait long for a leader, because a busy machine may hold one up; every test leaves them all
 * running.
 */
@RequiresTool("etcdctl")
class LeadershipTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Of a lease; the machine may be slow, and renewals late. */
  private static final Duration LIFE = Duration.ofSeconds(12);

  private static ClusterUnderTest cluster;

  @BeforeAll
  static void start() {
    cluster =
        ClusterUnderTest.start(
            ServerProgram.underTest(), 3, "--heartbeat-interval=100", "--election-timeout=2000");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static long idOf(ServerUnderTest member) {
    try (GrpcClient client = new GrpcClient(member.endpoint())) {
      return new Etcd(client).status().getHeader().getMemberId();
    }
  }

  @Test
  void leadershipIsMovedAndRefused() {
    ServerUnderTest leader = cluster.leader();
    ServerUnderTest next = cluster.others(leader).get(0);
    String from = Long.toHexString(idOf(leader));
    String to = Long.toHexString(idOf(next));
    var stranger = new Etcdctl(leader).run("move-leader", "1234");
    assertEquals(1, stranger.exitCode());
    assertTrue(stranger.err().contains("etcdserver: bad leader transferee"), stranger.err());
    var atFollower = new Etcdctl(next).run("move-leader", to);
    assertTrue(atFollower.err().contains("no leader endpoint given at"), atFollower.err());
    try (GrpcClient client = new GrpcClient(next.endpoint())) {
      var refused =
          assertThrows(StatusRuntimeException.class, () -> new Etcd(client).moveLeader(idOf(next)));
      assertEquals(Status.Code.FAILED_PRECONDITION, refused.getStatus().getCode());
      assertEquals("etcdserver: not leader", refused.getStatus().getDescription());
    }
    assertEquals(
        List.of("Leadership transferred from " + from + " to " + to),
        new Etcdctl(leader).lines("move-leader", to));
    assertEquals(next.endpoint(), cluster.leader().endpoint());
  }

  @Test
  void aLeaderThatIsStoppedHandsOver() {
    ServerUnderTest leader = cluster.leader();
    try (WriteProbe probe = new WriteProbe(cluster.others(leader), 50);
        GrpcClient client = new GrpcClient(leader.endpoint())) {
      awaitWrites(probe, Long.MIN_VALUE);
      GrpcStream<WatchResponse> watch = watch(client, "stopped", 0);
      GrpcStream<LeaseKeepAliveResponse> keepAlive = new Etcd(client).keepAlive();
      long begin = System.nanoTime();
      leader.stop();
      assertEquals(Status.Code.UNAVAILABLE, watch.end().getCode());
      assertEquals(Status.Code.UNAVAILABLE, keepAlive.end().getCode());
      awaitWrites(probe, begin);
      String log = leader.log();
      assertTrue(
          log.contains("leadership transfer finished") || log.contains("is not leader"), log);
    } finally {
      restart(leader);
    }
  }

  private static void restart(ServerUnderTest member) {
    if (!member.isRunning()) {
      member.start();
    }
  }

  private static void awaitWrites(WriteProbe probe, long sinceNanos) {
    Await.until(
        LIMIT, () -> "writes do not go on", () -> probe.acknowledgedOfThoseSince(sinceNanos) >= 20);
  }

  private static GrpcStream<WatchResponse> watch(GrpcClient client, String key, long from) {
    GrpcStream<WatchResponse> watch = new Etcd(client).watch();
    watch.send(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder().setKey(Etcd.bytes(key)).setStartRevision(from))
            .build());
    assertTrue(watch.next().getCreated());
    return watch;
  }

  @Test
  void streamsThatRequireALeaderEndWithoutOne() {
    ServerUnderTest left = cluster.leader();
    try (GrpcClient demanding = GrpcClient.requiringLeader(left.endpoint());
        GrpcClient patient = new GrpcClient(left.endpoint())) {
      GrpcStream<WatchResponse> watch = watch(demanding, "demanding", 0);
      GrpcStream<LeaseKeepAliveResponse> keepAlive = new Etcd(demanding).keepAlive();
      keepAlive.send(LeaseKeepAliveRequest.newBuilder().setID(4711).build());
      assertEquals(0, keepAlive.next().getTTL());
      GrpcStream<WatchResponse> other = watch(patient, "patient", 0);
      cluster.others(left).forEach(ServerUnderTest::kill);
      for (Status end : List.of(watch.end(), keepAlive.end())) {
        assertEquals(Status.Code.UNAVAILABLE, end.getCode());
        assertEquals("etcdserver: no leader", end.getDescription());
      }
      RangeRequest.Builder read =
          RangeRequest.newBuilder().setKey(Etcd.bytes("patient")).setSerializable(true);
      var refused =
          assertThrows(StatusRuntimeException.class, () -> new Etcd(demanding).range(read));
      assertEquals("etcdserver: no leader", refused.getStatus().getDescription());
      assertEquals(0, new Etcd(patient).range(read).getCount());
      cluster.others(left).forEach(ServerUnderTest::launch);
      cluster.others(left).forEach(ServerUnderTest::awaitReady);
      put("patient", "survives");
      assertEquals("survives", valueOf(other.next()));
    } finally {
      cluster.members().forEach(LeadershipTest::restart);
    }
  }

  private static String valueOf(WatchResponse response) {
    return response.getEvents(0).getKv().getValue().toStringUtf8();
  }

  private static long put(String key, String value) {
    try (GrpcClient client = new GrpcClient(cluster.leader().endpoint())) {
      return new Etcd(client)
          .put(PutRequest.newBuilder().setKey(Etcd.bytes(key)).setValue(Etcd.bytes(value)))
          .getHeader()
          .getRevision();
    }
  }

  /** A real etcd may revoke the lease: its old leader believes its own clock. */
  @Test
  void aLeaderThatStoodStillRevokesNothing() {
    ServerUnderTest old = cluster.leader();
    ServerUnderTest other = cluster.others(old).get(0);
    try (GrpcClient client = new GrpcClient(other.endpoint())) {
      Etcd etcd = new Etcd(client);
      etcd.grant(77, LIFE.toSeconds());
      etcd.put(
          PutRequest.newBuilder()
              .setKey(Etcd.bytes("leased"))
              .setValue(Etcd.bytes("value"))
              .setLease(77));
      GrpcStream<LeaseKeepAliveResponse> keepAlive = etcd.keepAlive();
      old.pause();
      renewFor(LIFE.multipliedBy(3).dividedBy(2), keepAlive);
      old.resume();
      renewFor(LIFE.dividedBy(2), keepAlive);
      assertEquals(
          1, etcd.range(RangeRequest.newBuilder().setKey(Etcd.bytes("leased"))).getCount());
      Await.until(
          LIMIT,
          () -> "the lease outlives its time",
          () -> etcd.range(RangeRequest.newBuilder().setKey(Etcd.bytes("leased"))).getCount() == 0);
    }
  }

  /** Renews all the time; every answer must say that the lease lives. */
  private static void renewFor(Duration span, GrpcStream<LeaseKeepAliveResponse> keepAlive) {
    long end = System.nanoTime() + span.toNanos();
    while (System.nanoTime() < end) {
      keepAlive.send(LeaseKeepAliveRequest.newBuilder().setID(77).build());
      assertEquals(LIFE.toSeconds(), keepAlive.next().getTTL());
      long again = System.nanoTime() + Duration.ofMillis(200).toNanos();
      Await.until(LIMIT, () -> "time stands still", () -> System.nanoTime() > again);
    }
  }

  @Test
  void aWatchGoesOnAtAnotherMember() {
    ServerUnderTest first = cluster.leader();
    long from = put("moved", "1");
    try (GrpcClient client = new GrpcClient(first.endpoint())) {
      GrpcStream<WatchResponse> watch = watch(client, "moved", from);
      assertEquals("1", valueOf(watch.next()));
      first.kill();
      assertEquals(Status.Code.UNAVAILABLE, watch.end().getCode());
      long second = put("moved", "2");
      try (GrpcClient elsewhere = new GrpcClient(cluster.others(first).get(0).endpoint())) {
        WatchResponse next = watch(elsewhere, "moved", from + 1).next();
        assertEquals("2", valueOf(next));
        assertEquals(second, next.getEvents(0).getKv().getModRevision());
      }
    } finally {
      restart(first);
    }
  }
}
