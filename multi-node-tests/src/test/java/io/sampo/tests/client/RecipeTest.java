package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.election.CampaignResponse;
import io.etcd.jetcd.lock.LockResponse;
import io.grpc.Status;
import io.sampo.protocol.v3lockpb.LockRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.grpc.GrpcStream;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.SharedServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Locks and elections: of the server (jetcd, gRPC; JSON is {@link EdgeWaitersTest}'s), and those
 * that etcdctl brings itself.
 */
@RequiresTool("etcdctl")
class RecipeTest {

  @RegisterExtension static final SharedServer SHARED = SharedServer.withFlags();

  private static Client client;
  private static Etcdctl etcdctl;

  @BeforeAll
  static void connect() {
    client = Client.builder().endpoints(SHARED.server().url()).build();
    etcdctl = new Etcdctl(SHARED.server());
  }

  @AfterAll
  static void disconnect() {
    if (client != null) {
      client.close();
    }
  }

  private static ByteSequence text(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(15, TimeUnit.SECONDS);
  }

  private static long grant() throws Exception {
    return get(client.getLeaseClient().grant(300)).getID();
  }

  private static List<String> keys(String prefix) {
    return etcdctl.lines("get", prefix, "--prefix", "--keys-only").stream()
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static void awaitKeys(String prefix, int count, Duration limit) {
    Await.until(limit, () -> "keys: " + keys(prefix), () -> keys(prefix).size() == count);
  }

  @Test
  void aLockGoesFromOneToTheNext() throws Exception {
    LockResponse first = get(client.getLockClient().lock(text("jetcd"), grant()));
    CompletableFuture<LockResponse> second = client.getLockClient().lock(text("jetcd"), grant());
    awaitKeys("jetcd/", 2, Duration.ofSeconds(10));
    assertFalse(second.isDone());
    get(client.getLockClient().unlock(first.getKey()));
    assertTrue(get(second).getKey().toString().startsWith("jetcd/"));
  }

  @Test
  void aLeaderIsElectedProclaimsAndResigns() throws Exception {
    Election election = client.getElectionClient();
    CampaignResponse first = get(election.campaign(text("jobs"), grant(), text("one")));
    CompletableFuture<CampaignResponse> second =
        election.campaign(text("jobs"), grant(), text("two"));
    assertEquals(text("one"), get(election.leader(text("jobs"))).getKv().getValue());
    get(election.proclaim(first.getLeader(), text("other")));
    assertEquals(text("other"), get(election.leader(text("jobs"))).getKv().getValue());
    assertFalse(second.isDone());
    get(election.resign(first.getLeader()));
    get(second);
    assertEquals(text("two"), get(election.leader(text("jobs"))).getKv().getValue());
  }

  @Test
  @SuppressWarnings("try") // open for its effect
  void etcdctlStandsInTheSameLine() throws Exception {
    LockResponse first = get(client.getLockClient().lock(text("shared"), grant()));
    try (RunningCommand lock = etcdctl.start("lock", "shared")) {
      awaitKeys("shared/", 2, Duration.ofSeconds(10));
      assertTrue(lock.lines().isEmpty());
      get(client.getLockClient().unlock(first.getKey()));
      lock.await("the lock", lines -> lines.stream().anyMatch(line -> line.startsWith("shared/")));
    }
    try (RunningCommand elect = etcdctl.start("elect", "shared-election", "me")) {
      elect.await("the election", lines -> lines.contains("me"));
      assertEquals(
          text("me"),
          get(client.getElectionClient().leader(text("shared-election"))).getKv().getValue());
    }
  }

  @Test
  void whoLeavesOverGrpcIsNoLongerInTheLine() throws Exception {
    get(client.getLockClient().lock(text("left"), grant()));
    LockRequest request =
        LockRequest.newBuilder().setName(Etcd.bytes("left")).setLease(grant()).build();
    try (GrpcClient other = new GrpcClient(SHARED.server().endpoint())) {
      GrpcStream<io.sampo.protocol.v3lockpb.LockResponse> wait =
          other.stream(
              "/v3lockpb.Lock/Lock", io.sampo.protocol.v3lockpb.LockResponse.getDefaultInstance());
      wait.send(request);
      wait.halfClose();
      awaitKeys("left/", 2, Duration.ofSeconds(10));
      wait.close();
      assertEquals(Status.Code.CANCELLED, wait.end().getCode());
    }
    awaitKeys("left/", 1, Duration.ofSeconds(10));
  }
}
