package io.sampo.node.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a downgrade is taken for done. */
class DowngradeMonitorTest {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final VersionQuestions cluster = new VersionQuestions();
  private final ActorRef<DowngradeMonitor.Command> monitor =
      cluster.spawn(
          DowngradeMonitor.create(
              VersionQuestions.SELF, cluster::cluster, cluster::ask, cluster.proposer(), INTERVAL));

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void lead(boolean leader) {
    monitor.tell(new DowngradeMonitor.Leadership(new LeadershipChange(leader, 5)));
  }

  @Test
  void withoutADowngradeNobodyIsAsked() {
    lead(true);
    cluster.timePasses(INTERVAL);
    assertEquals(0, cluster.count());
  }

  /** As of a cluster that comes from the version above ours. */
  @Test
  void aDowngradeEndsWhenAllRunItsVersion() throws Exception {
    cluster.downgrade = Optional.of(new DowngradeState(true, ServerVersion.OURS.toString()));
    cluster.timePasses(INTERVAL);
    assertEquals(0, cluster.count(), "it does not lead");
    lead(true);
    cluster.timePasses(INTERVAL);
    cluster.timePasses(INTERVAL);
    assertEquals(1, cluster.count(), "the first round is not over");
    cluster.says(0, new ServerVersion(3, 8));
    assertFalse(cluster.raft.hasMessages());
    cluster.timePasses(INTERVAL);
    cluster.says(1, ServerVersion.OURS);
    InternalRaftRequest request = cluster.proposed();
    assertTrue(request.hasDowngradeInfoSet());
    assertFalse(request.getDowngradeInfoSet().getEnabled());
  }

  @Test
  void aMemberThatDoesNotSayKeepsItOpen() {
    cluster.downgrade = Optional.of(new DowngradeState(true, ServerVersion.OURS.toString()));
    lead(true);
    cluster.timePasses(INTERVAL);
    cluster.question(0).complete(Optional.empty());
    assertFalse(cluster.raft.hasMessages());
  }

  @Test
  void whatThisServerDoesNotRunIsNeverReached() {
    cluster.downgrade = Optional.of(new DowngradeState(true, "3.6.0"));
    lead(true);
    cluster.timePasses(INTERVAL);
    cluster.says(0, new ServerVersion(3, 6));
    assertFalse(cluster.raft.hasMessages());
  }
}
