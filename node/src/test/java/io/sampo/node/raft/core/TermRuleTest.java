package io.sampo.node.raft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import org.junit.jupiter.api.Test;

/** What a message's term means. */
class TermRuleTest {
  private static final long OWN = 5;

  private static Message message(MessageType type, long term) {
    return Message.newBuilder().setType(type).setFrom(2).setTerm(term).build();
  }

  private static TermRule.Outcome judge(MessageType type, long term, boolean hearsLeader) {
    return TermRule.judge(message(type, term), OWN, hearsLeader);
  }

  @Test
  void theTermIsComparedWithTheOwn() {
    assertEquals(TermRule.Outcome.TERMLESS, judge(MessageType.MsgProp, 0, true));
    assertEquals(TermRule.Outcome.LOWER, judge(MessageType.MsgApp, 4, true));
    assertEquals(TermRule.Outcome.CURRENT, judge(MessageType.MsgApp, 5, true));
    assertEquals(TermRule.Outcome.HIGHER, judge(MessageType.MsgApp, 6, true));
  }

  @Test
  void aCandidateOfAHigherTermIsIgnoredWhileALeaderIsHeard() {
    assertEquals(TermRule.Outcome.SHIELDED, judge(MessageType.MsgVote, 6, true));
    assertEquals(TermRule.Outcome.SHIELDED, judge(MessageType.MsgPreVote, 6, true));
    assertEquals(TermRule.Outcome.HIGHER, judge(MessageType.MsgVote, 6, false));
    assertEquals(TermRule.Outcome.CURRENT, judge(MessageType.MsgVote, 5, true));
  }

  @Test
  void aCandidateThatTheLeaderHasChosenIsNotIgnored() {
    Message chosen =
        message(MessageType.MsgVote, 6).toBuilder().setContext(TermRule.CAMPAIGN_TRANSFER).build();
    assertEquals(TermRule.Outcome.HIGHER, TermRule.judge(chosen, OWN, true));
  }

  @Test
  void aPreVoteAndItsGrantChangeNobodysTerm() {
    assertEquals(TermRule.Outcome.CURRENT, judge(MessageType.MsgPreVote, 6, false));
    Message grant = message(MessageType.MsgPreVoteResp, 6);
    assertEquals(TermRule.Outcome.CURRENT, TermRule.judge(grant, OWN, true));
    Message rejection = grant.toBuilder().setReject(true).build();
    assertEquals(TermRule.Outcome.HIGHER, TermRule.judge(rejection, OWN, true));
  }

  @Test
  void onlyALeaderTellsWhoLeads() {
    assertEquals(2, TermRule.leaderIn(message(MessageType.MsgHeartbeat, 6)));
    assertEquals(0, TermRule.leaderIn(message(MessageType.MsgVote, 6)));
  }
}
