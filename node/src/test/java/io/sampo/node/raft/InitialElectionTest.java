package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class InitialElectionTest {
  /** Twice the election timeout, which is drawn. */
  private static final int LATEST = 20;

  @Test
  void whoSeesItsPeersStandsSoonerIfItIsToldTo() {
    int waiting = ticksUntilCandidate(false);
    assertEquals(8, waiting - ticksUntilCandidate(true));
  }

  /**
   * Ticks of a member that hears nobody, from the moment at which its peers are connected; without
   * pre-vote, as with it members ask in turn ({@code ConnectedPeersTest}).
   */
  private int ticksUntilCandidate(boolean advance) {
    RaftSettings settings =
        RaftSettings.of(1, Bootstrap.entries(1, 2, 3)).withElections(false, advance);
    TestCluster cluster = new TestCluster(line -> {});
    TestMember member = cluster.add(settings, 1);
    cluster.settle();
    member.run(new RaftCommand.PeersConnected());
    int ticks = 0;
    while (member.status.role() == RoleName.FOLLOWER && ticks < LATEST) {
      cluster.tick(1, 1);
      ticks++;
    }
    return ticks;
  }
}
