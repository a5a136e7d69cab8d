package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.protocol.error.EtcdError;
import org.junit.jupiter.api.Test;

/** The reasons that etcd gives for a proposal without an answer. */
class LateAnswersTest {
  private static final long SELF = 1;
  private static final long ELECTION = 1_000;

  private long leader = 2;
  private long leaderSince = 10_000;
  private long memberSince;
  private long quorumSince;

  private EtcdError of(long begin) {
    LateAnswers answers =
        new LateAnswers(
            () -> new RaftStatus(SELF, 5, leader, RoleName.FOLLOWER, 7, 7),
            () -> leaderSince,
            ELECTION,
            new LateAnswers.Connections() {
              @Override
              public boolean withMemberSince(long member, long nanos) {
                return memberSince < nanos;
              }

              @Override
              public boolean withQuorumSince(long nanos) {
                return quorumSince < nanos;
              }
            });
    String text = answers.of(begin).text();
    for (EtcdError error : EtcdError.values()) {
      if (error.text().equals(text)) {
        return error;
      }
    }
    throw new AssertionError(text);
  }

  @Test
  void theLeaderHasFailedIfItBeganUpToTwoElectionsBeforeTheNextOne() {
    assertEquals(EtcdError.TIMEOUT, of(8_000));
    assertEquals(EtcdError.TIMEOUT_DUE_TO_LEADER_FAIL, of(8_001));
    assertEquals(EtcdError.TIMEOUT_DUE_TO_LEADER_FAIL, of(9_999));
    assertEquals(EtcdError.TIMEOUT, of(10_000));
  }

  @Test
  void theConnectionToTheLeaderWasLost() {
    memberSince = 12_000;
    assertEquals(EtcdError.TIMEOUT_DUE_TO_CONNECTION_LOST, of(12_000));
    assertEquals(EtcdError.TIMEOUT, of(12_001));
  }

  @Test
  void theLeaderHasLostItsQuorum() {
    leader = SELF;
    memberSince = Long.MAX_VALUE;
    quorumSince = 12_000;
    assertEquals(EtcdError.TIMEOUT_DUE_TO_CONNECTION_LOST, of(12_000));
    assertEquals(EtcdError.TIMEOUT, of(12_001));
  }

  @Test
  void withoutALeaderThereIsNobodyToBeConnectedWith() {
    leader = 0;
    memberSince = Long.MAX_VALUE;
    assertEquals(EtcdError.TIMEOUT, of(12_000));
  }
}
