package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sampo.node.raft.RaftCommand.PeersConnected;
import io.sampo.node.raft.RaftCommand.Signal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members that start meet each other: nobody waits for an election time. */
class ConnectedPeersTest {
  private final TestCluster cluster = new TestCluster(line -> {});

  @BeforeEach
  void threeMembers() {
    for (long id = 1; id <= 3; id++) {
      cluster.add(RaftSettings.of(id, Bootstrap.entries(1, 2, 3)), id);
    }
    cluster.settle();
  }

  private void run(long member, RaftCommand command) {
    cluster.member(member).run(command);
    cluster.collect(cluster.member(member));
    cluster.settle();
  }

  @Test
  void twoOfThreeElectALeaderAndTheThirdFollowsIt() {
    cluster.isolate(1);
    run(2, new PeersConnected());
    run(3, new PeersConnected());
    assertNull(cluster.leader(), "a leader that is there has time to be heard");
    run(3, Signal.CAMPAIGN);
    assertEquals(3, cluster.leader().id);
    cluster.heal();
    run(1, new PeersConnected());
    cluster.tick(3, 1);
    run(1, Signal.CAMPAIGN);
    assertEquals(3, cluster.leader().id, "1 has heard of it in time");
    assertEquals(2, cluster.leader().status.term());
  }

  @Test
  void whoAskedWhenNobodyHeardItAsksAgain() {
    cluster.isolate(1);
    run(1, Signal.CAMPAIGN);
    cluster.heal();
    run(1, new PeersConnected());
    assertEquals(1, cluster.leader().id);
  }
}
