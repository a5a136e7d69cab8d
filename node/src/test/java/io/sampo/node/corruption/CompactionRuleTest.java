package io.sampo.node.corruption;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.corruption.PeerHashes.Answer;
import io.sampo.node.state.mvcc.KeyHash;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The leader is 1; its compaction at 20 came after one at 10. */
class CompactionRuleTest {
  private static final KeyHash OWN = new KeyHash(7, 10, 20);

  private final CompactionRule rule = new CompactionRule(1);

  private static Answer said(long member, int hash, long compactRevision) {
    return new Answer(member, Optional.of(new PeerHash(30, hash, compactRevision)));
  }

  private static Answer silent(long member) {
    return new Answer(member, Optional.empty());
  }

  @Test
  void whoIsAloneAgainstAMajorityIsCorrupt() {
    assertEquals(
        Optional.of(List.of(3L)), rule.judge(OWN, List.of(said(2, 7, 10), said(3, 8, 10))));
    assertEquals(
        Optional.of(List.of(1L)),
        rule.judge(OWN, List.of(said(2, 8, 10), said(3, 8, 10))),
        "also if it is the leader");
    assertEquals(
        Optional.of(List.of(4L, 5L)),
        rule.judge(OWN, List.of(said(2, 7, 10), said(3, 7, 10), said(4, 8, 10), said(5, 9, 10))));
  }

  @Test
  void withoutAMajorityNobodyCanTellWho() {
    assertEquals(Optional.of(List.of(0L)), rule.judge(OWN, List.of(said(2, 8, 10))));
    assertEquals(
        Optional.of(List.of(0L)),
        rule.judge(OWN, List.of(said(2, 8, 10), silent(3))),
        "those who are silent are no majority");
  }

  @Test
  void whatNotAllHaveIsLookedForFurtherBack() {
    assertEquals(Optional.empty(), rule.judge(OWN, List.of(said(2, 7, 10), silent(3))));
    assertEquals(
        Optional.empty(),
        rule.judge(OWN, List.of(said(2, 8, 15), said(3, 7, 10))),
        "another compaction before: another hash is no wonder");
    KeyHash older = new KeyHash(5, 5, 10);
    KeyHash newer = new KeyHash(9, 20, 30);
    assertEquals(List.of(newer, OWN, older), rule.unchecked(List.of(older, OWN, newer)));
  }

  @Test
  void whatAllHadAlikeIsNotComparedAgain() {
    assertEquals(Optional.of(List.of()), rule.judge(OWN, List.of(said(2, 7, 10), said(3, 7, 10))));
    KeyHash newer = new KeyHash(9, 20, 30);
    assertEquals(List.of(newer), rule.unchecked(List.of(OWN, newer)));
  }
}
