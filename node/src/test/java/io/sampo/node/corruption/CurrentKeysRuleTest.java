package io.sampo.node.corruption;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.corruption.PeerHashes.Answer;
import io.sampo.node.state.mvcc.KeyHash;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * The leader is 1; at revision 20, compacted at 10, it asked; when all had answered it was at 25.
 */
class CurrentKeysRuleTest {
  private static final KeyHash BEFORE = new KeyHash(7, 10, 20);
  private static final KeyHash AFTER = new KeyHash(9, 10, 25);

  private static OptionalLong corrupt(KeyHash after, Answer... answers) {
    return CurrentKeysRule.corrupt(1, BEFORE, after, after.revision(), List.of(answers));
  }

  private static Answer said(long member, long revision, int hash, long compactRevision) {
    return new Answer(member, Optional.of(new PeerHash(revision, hash, compactRevision)));
  }

  @Test
  void equalKeysAndSilenceAreNoProof() {
    assertEquals(
        OptionalLong.empty(), corrupt(AFTER, said(2, 24, 7, 10), new Answer(3, Optional.empty())));
    assertEquals(
        OptionalLong.empty(),
        corrupt(AFTER, said(2, 20, 8, 5)),
        "who is behind with a compaction has another hash");
  }

  @Test
  void theFirstWhoDiffersIsCorrupt() {
    assertEquals(OptionalLong.of(3), corrupt(AFTER, said(2, 24, 7, 10), said(3, 24, 8, 10)));
    assertEquals(OptionalLong.of(2), corrupt(AFTER, said(2, 24, 8, 10), said(3, 24, 8, 10)));
  }

  @Test
  void aFollowerCannotBeAheadOfItsLeader() {
    assertEquals(OptionalLong.of(2), corrupt(AFTER, said(2, 26, 7, 10)));
    assertEquals(OptionalLong.of(2), corrupt(AFTER, said(2, 24, 7, 11)));
  }

  @Test
  void aLeaderWhoseKeysChangeWithoutAWriteIsCorrupt() {
    assertEquals(OptionalLong.of(1), corrupt(new KeyHash(8, 10, 20), said(2, 20, 8, 10)));
  }
}
