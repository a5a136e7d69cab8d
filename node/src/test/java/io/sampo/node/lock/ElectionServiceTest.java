package io.sampo.node.lock;

import static io.sampo.node.lock.LockServiceTest.fails;
import static io.sampo.node.lock.LockServiceTest.get;
import static io.sampo.node.lock.LockWorld.NOBODY;
import static io.sampo.node.lock.LockWorld.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.v3electionpb.CampaignRequest;
import io.sampo.protocol.v3electionpb.CampaignResponse;
import io.sampo.protocol.v3electionpb.LeaderKey;
import io.sampo.protocol.v3electionpb.LeaderRequest;
import io.sampo.protocol.v3electionpb.LeaderResponse;
import io.sampo.protocol.v3electionpb.ProclaimRequest;
import io.sampo.protocol.v3electionpb.ProclaimResponse;
import io.sampo.protocol.v3electionpb.ResignRequest;
import io.sampo.protocol.v3electionpb.ResignResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ElectionServiceTest {
  private final LockWorld world = new LockWorld();
  private final ElectionService elections = new ElectionService(world.turns);

  @BeforeEach
  void grantLeases() {
    world.grant(0xa);
    world.grant(0xb);
  }

  @AfterEach
  void stop() {
    world.kit.shutdownTestKit();
  }

  private CompletableFuture<CampaignResponse> campaign(long lease, String value) {
    CampaignRequest.Builder request = CampaignRequest.newBuilder().setName(bytes("e"));
    return elections.campaign(request.setLease(lease).setValue(bytes(value)).build(), NOBODY);
  }

  private CompletableFuture<ProclaimResponse> proclaim(LeaderKey leader, String value) {
    return elections.proclaim(
        ProclaimRequest.newBuilder().setLeader(leader).setValue(bytes(value)).build(), NOBODY);
  }

  private CompletableFuture<ResignResponse> resign(LeaderKey leader) {
    return elections.resign(ResignRequest.newBuilder().setLeader(leader).build(), NOBODY);
  }

  private static LeaderRequest election() {
    return LeaderRequest.newBuilder().setName(bytes("e")).build();
  }

  private String leader() throws Exception {
    return get(elections.leader(election(), NOBODY)).getKv().getValue().toStringUtf8();
  }

  @Test
  void theFirstCandidateIsElected() throws Exception {
    CampaignResponse elected = get(campaign(0xa, "one"));
    LeaderKey leader = elected.getLeader();
    assertEquals(bytes("e/a"), leader.getKey());
    assertEquals(world.revision(), leader.getRev());
    assertEquals(leader.getRev(), elected.getHeader().getRevision());
    assertEquals(0xa, leader.getLease());
    assertEquals("one", leader());
  }

  @Test
  void theNextOneFollowsWhoResigns() throws Exception {
    LeaderKey first = get(campaign(0xa, "one")).getLeader();
    CompletableFuture<CampaignResponse> second = campaign(0xb, "two");
    assertEquals("one", leader());
    assertFalse(second.isDone());
    get(resign(first));
    // As in etcd the header is that of the candidacy.
    CampaignResponse elected = get(second);
    assertEquals(elected.getLeader().getRev(), elected.getHeader().getRevision());
    assertEquals("two", leader());
  }

  @Test
  void aCandidateThatLeavesIsNoCandidate() throws Exception {
    get(campaign(0xa, "one"));
    campaign(0xb, "two").cancel(false);
    TestProbe<Object> probe = world.kit.createTestProbe();
    probe.awaitAssert(
        () -> {
          assertEquals(List.of("e/a"), world.keys());
          return null;
        });
  }

  @Test
  void campaigningAgainProclaims() throws Exception {
    long revision = get(campaign(0xa, "one")).getLeader().getRev();
    CampaignResponse again = get(campaign(0xa, "other"));
    assertEquals(revision, again.getLeader().getRev());
    assertEquals(revision, again.getHeader().getRevision());
    assertEquals("other", leader());
  }

  @Test
  void onlyTheElectedProclaims() throws Exception {
    LeaderKey leader = get(campaign(0xa, "one")).getLeader();
    get(proclaim(leader, "other"));
    assertEquals("other", leader());
    LeaderKey old = leader.toBuilder().setRev(leader.getRev() - 1).build();
    fails("election: not leader", proclaim(old, "stolen"));
    assertEquals(world.revision(), get(resign(old)).getHeader().getRevision());
    assertEquals("other", leader());
  }

  @Test
  void errorsKeepTheirTextOnly() {
    fails("election: no leader", elections.leader(election(), NOBODY));
    fails(
        "\"leader\" field must be provided",
        elections.proclaim(ProclaimRequest.getDefaultInstance(), NOBODY));
    fails(
        "\"leader\" field must be provided",
        elections.resign(ResignRequest.getDefaultInstance(), NOBODY));
    fails("etcdserver: requested lease not found", campaign(0x99, "none"));
    world.txnFailure = EtcdError.NO_SPACE.exception();
    fails("etcdserver: mvcc: database space exceeded", campaign(0xa, "full"));
  }

  private LeaderResponse next(SinkQueueWithCancel<LeaderResponse> observed) throws Exception {
    return observed.pull().toCompletableFuture().get(10, TimeUnit.SECONDS).orElseThrow();
  }

  @Test
  void anObserverSeesEveryLeader() throws Exception {
    SinkQueueWithCancel<LeaderResponse> observed =
        elections
            .observe(election(), NOBODY)
            .runWith(Sink.queue(), Materializer.createMaterializer(world.kit.system()));
    CompletableFuture<LeaderResponse> first =
        observed.pull().toCompletableFuture().thenApply(seen -> seen.orElseThrow());
    LeaderKey leader = get(campaign(0xa, "one")).getLeader();
    assertEquals(bytes("one"), get(first).getKv().getValue());
    assertEquals(leader.getRev(), get(first).getHeader().getRevision());
    CompletableFuture<CampaignResponse> second = campaign(0xb, "two");
    get(proclaim(leader, "other"));
    assertEquals(bytes("other"), next(observed).getKv().getValue());
    get(resign(leader));
    get(second);
    assertEquals(bytes("two"), next(observed).getKv().getValue());
    observed.cancel();
  }
}
