package io.sampo.node.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.protocol.error.EtcdError;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the members are asked what they run, and what is proposed then. */
class ClusterVersionMonitorTest {
  private static final Duration INTERVAL = Duration.ofSeconds(4);

  private final VersionQuestions cluster = new VersionQuestions();
  private final ActorRef<ClusterVersionMonitor.Command> monitor =
      cluster.spawn(
          ClusterVersionMonitor.create(
              VersionQuestions.SELF, cluster::cluster, cluster::ask, cluster.proposer()));

  @BeforeEach
  void noVersionYet() {
    cluster.clusterVersion = Optional.empty();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void lead(boolean leader) {
    monitor.tell(new ClusterVersionMonitor.Leadership(new LeadershipChange(leader, 5)));
  }

  private String proposed() throws InvalidProtocolBufferException {
    return cluster.proposed().getClusterVersionSet().getVer();
  }

  @Test
  void onlyALeaderAsks() {
    cluster.timePasses(INTERVAL);
    lead(false);
    cluster.timePasses(INTERVAL);
    assertEquals(0, cluster.count());
    lead(true);
    assertEquals(1, cluster.count());
    lead(false);
    cluster.timePasses(INTERVAL);
    assertEquals(1, cluster.count());
  }

  @Test
  void theOldestMembersVersionIsProposed() throws Exception {
    lead(true);
    assertFalse(cluster.raft.hasMessages());
    cluster.says(0, new ServerVersion(3, 6));
    assertEquals("3.6.0", proposed());
  }

  @Test
  void aRoundBeginsWhenTheOneBeforeIsOver() throws Exception {
    lead(true);
    cluster.timePasses(INTERVAL);
    assertEquals(1, cluster.count(), "the member has not answered");
    cluster.says(0, ServerVersion.OURS);
    proposed();
    cluster.timePasses(INTERVAL);
    assertEquals(1, cluster.count(), "the proposal is under way");
    cluster.pending.failAll(EtcdError.TIMEOUT.exception());
    cluster.timePasses(INTERVAL);
    assertEquals(2, cluster.count());
    cluster.clusterVersion = Optional.of(ServerVersion.OURS.toString());
    cluster.says(1, ServerVersion.OURS);
    assertFalse(cluster.raft.hasMessages(), "there is nothing to change");
    cluster.timePasses(INTERVAL);
    assertEquals(3, cluster.count());
  }

  @Test
  void answersToAnEarlierLeadershipAreNotCounted() throws Exception {
    lead(true);
    lead(false);
    lead(true);
    cluster.says(0, new ServerVersion(3, 5));
    assertFalse(cluster.raft.hasMessages());
    cluster.says(1, ServerVersion.OURS);
    assertEquals(ServerVersion.OURS.toString(), proposed());
  }

  @Test
  void whoDoesNotAnswerKeepsTheVersionAsItIs() {
    cluster.clusterVersion = Optional.of("3.6.0");
    lead(true);
    cluster.question(0).completeExceptionally(new IllegalStateException("unreachable"));
    assertFalse(cluster.raft.hasMessages());
  }
}
