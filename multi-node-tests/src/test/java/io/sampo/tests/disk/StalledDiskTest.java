package io.sampo.tests.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A disk that stands still costs a leader its leadership, and no member its life. */
class StalledDiskTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration STALL = Duration.ofSeconds(30);
  private static final String WAITS = "the disk does not finish a write of the log";

  private static void put(ServerUnderTest member, String key) {
    try (GrpcClient client = new GrpcClient(member.endpoint())) {
      new Etcd(client)
          .put(PutRequest.newBuilder().setKey(Etcd.bytes(key)).setValue(Etcd.bytes(key)));
    }
  }

  private static boolean has(ServerUnderTest member, String key) {
    try (GrpcClient client = new GrpcClient(member.endpoint())) {
      return new Etcd(client)
              .range(RangeRequest.newBuilder().setKey(Etcd.bytes(key)).setSerializable(true))
              .getCount()
          > 0;
    }
  }

  private static int status(ServerUnderTest member, String path) {
    return Http.tryGet(member.url() + path).map(Http.Answer::status).orElse(0);
  }

  private static double waitingSeconds(ServerUnderTest member) {
    return Http.tryGet(member.url() + "/metrics")
        .orElseThrow()
        .body()
        .lines()
        .filter(line -> line.startsWith("sampo_disk_write_waiting_seconds "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitStatus(ServerUnderTest member, String path, int status) {
    Await.until(
        LIMIT,
        () -> path + " is not " + status + "\n" + member.log(),
        () -> status(member, path) == status);
  }

  @Test
  void aLeaderLosesItsLeadershipOnly() {
    try (ClusterUnderTest cluster = ClusterUnderTest.start(StallingJournal.members(), 3)) {
      ServerUnderTest stalled = cluster.leader();
      ServerUnderTest other = cluster.others(stalled).get(0);
      StallingJournal.stall(stalled);
      long begun = System.nanoTime();
      put(other, "the others are enough");
      awaitStatus(stalled, "/readyz/disk_write", 503);
      Await.until(
          LIMIT,
          () -> "nobody else leads\n" + stalled.log(),
          () -> !cluster.leader().equals(stalled));
      put(other, "under another leader");
      assertFalse(has(stalled, "under another leader"));

      Await.until(LIMIT, () -> "", () -> System.nanoTime() - begun > STALL.toNanos());
      assertTrue(waitingSeconds(stalled) > STALL.toSeconds() - 5);
      StallingJournal.goOn(stalled);
      Await.until(LIMIT, () -> stalled.log(), () -> has(stalled, "under another leader"));
      awaitStatus(stalled, "/readyz", 200);
      assertTrue(stalled.isRunning());
      assertTrue(stalled.log().contains("gives up leading"), stalled.log());
      assertEquals(1, stalled.log().split(WAITS, -1).length - 1, stalled.log());
      assertTrue(stalled.log().contains("slow fdatasync"), stalled.log());
      assertTrue(waitingSeconds(stalled) < 1);
    }
  }

  @Test
  void aMemberThatIsAloneWaitsAndSaysSo() {
    try (ServerUnderTest alone = ServerUnderTest.start(StallingJournal.members())) {
      StallingJournal.stall(alone);
      assertThrows(StatusRuntimeException.class, () -> put(alone, "late"));
      awaitStatus(alone, "/readyz", 503);
      assertEquals(200, status(alone, "/livez"));
      assertTrue(alone.log().contains(WAITS), alone.log());
      StallingJournal.goOn(alone);
      awaitStatus(alone, "/readyz", 200);
      assertTrue(has(alone, "late"), "a write that was late is there all the same");
      assertEquals(1, alone.log().split(WAITS, -1).length - 1, alone.log());
    }
  }
}
