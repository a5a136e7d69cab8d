package io.sampo.node.raft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.protocol.raftpb.Message;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Votes, appends and commits. */
class RulesTest {
  private static final Quorum THREE = new Membership(List.of(1L, 2L, 3L), List.of(4L)).quorum();

  private static VoteRule.Request request(long term, boolean preVote, LogPosition last) {
    return new VoteRule.Request(2, term, preVote, last);
  }

  @Test
  void aVoteIsGivenOnceAndOnlyToAnUpToDateLog() {
    LogPosition mine = new LogPosition(3, 7);
    VoteRule.Voter free = new VoteRule.Voter(5, 0, 0, mine);
    assertTrue(VoteRule.grants(free, request(5, false, mine)));
    assertTrue(VoteRule.grants(free, request(5, false, new LogPosition(4, 1))));
    assertFalse(VoteRule.grants(free, request(5, false, new LogPosition(3, 6))));
    assertFalse(VoteRule.grants(free, request(5, false, new LogPosition(2, 100))));
    VoteRule.Voter gone = new VoteRule.Voter(5, 3, 0, mine);
    assertFalse(VoteRule.grants(gone, request(5, false, mine)));
    VoteRule.Voter repeated = new VoteRule.Voter(5, 2, 9, mine);
    assertTrue(VoteRule.grants(repeated, request(5, false, mine)));
    VoteRule.Voter led = new VoteRule.Voter(5, 0, 9, mine);
    assertFalse(VoteRule.grants(led, request(5, false, mine)));
  }

  @Test
  void aPreVoteForALaterTermNeedsNoFreeVote() {
    VoteRule.Voter gone = new VoteRule.Voter(5, 3, 3, new LogPosition(3, 7));
    assertTrue(VoteRule.grants(gone, request(6, true, new LogPosition(3, 7))));
    assertFalse(VoteRule.grants(gone, request(6, true, new LogPosition(3, 6))));
  }

  /**
   * Figure 8 of the paper: an entry of an older term on a majority is not committed by counting.
   */
  @Test
  void onlyEntriesOfTheOwnTermAreCommittedByCounting() {
    LogTail log = Entries.log(1, 2, 4);
    assertEquals(1, CommitRule.commitIndex(1, 4, THREE, id -> id == 3 ? 1 : 2, log));
    assertEquals(3, CommitRule.commitIndex(1, 4, THREE, id -> id == 3 ? 1 : 3, log));
    assertEquals(2, CommitRule.commitIndex(2, 4, THREE, id -> 1, log));
  }

  @Property
  void aMajorityHoldsWhatIsReachedAndNotMore(
      @ForAll @Size(min = 1, max = 7) List<@IntRange(min = 0, max = 9) Integer> values) {
    List<Long> ids = java.util.stream.LongStream.range(0, values.size()).boxed().toList();
    Quorum quorum = new Membership(ids, List.of()).quorum();
    long reached = quorum.reached(id -> values.get((int) id));
    assertTrue(values.stream().filter(value -> value >= reached).count() >= quorum.size());
    assertTrue(values.stream().filter(value -> value > reached).count() < quorum.size());
  }

  @Test
  void anElectionIsDecidedByVotersOnly() {
    assertEquals(Quorum.Result.PENDING, THREE.tally(Set.of(1L, 4L), Set.of()));
    assertEquals(Quorum.Result.WON, THREE.tally(Set.of(1L, 3L), Set.of(2L)));
    assertEquals(Quorum.Result.LOST, THREE.tally(Set.of(1L), Set.of(2L, 3L)));
    assertEquals(Quorum.Result.PENDING, Membership.EMPTY.quorum().tally(Set.of(1L), Set.of()));
  }

  private static Message append(long term, long index, long commit, List<Entry> entries) {
    return Message.newBuilder()
        .setLogTerm(term)
        .setIndex(index)
        .setCommit(commit)
        .addAllEntries(entries)
        .build();
  }

  @Test
  void anAppendGivesOnlyWhatIsNew() {
    LogTail log = Entries.log(1, 1, 2);
    AppendRule.Match match =
        assertInstanceOf(
            AppendRule.Match.class,
            AppendRule.decide(append(1, 1, 9, Entries.of(2, 1, 2, 2)), 1, log));
    assertEquals(Entries.of(4, 2), match.fresh());
    assertEquals(4, match.lastNew());
    assertEquals(4, match.commit());
  }

  @Test
  void anOldAppendThatArrivesLateTruncatesNothing() {
    LogTail log = Entries.log(1, 1, 1, 1);
    AppendRule.Match match =
        (AppendRule.Match) AppendRule.decide(append(1, 1, 2, Entries.of(2, 1)), 1, log);
    assertTrue(match.fresh().isEmpty());
    assertEquals(2, match.lastNew());
  }

  @Test
  void aCommittedEntryIsNeverInConflict() {
    LogTail log = Entries.log(1, 1, 2);
    assertEquals(
        new AppendRule.Behind(3), AppendRule.decide(append(1, 1, 3, Entries.of(2, 3)), 3, log));
  }

  @Test
  void aMismatchNamesTheBestGuess() {
    LogTail log = Entries.log(1, 1, 2, 2);
    assertEquals(
        new AppendRule.Mismatch(new LogPosition(2, 4)),
        AppendRule.decide(append(5, 9, 0, List.of()), 1, log));
    assertEquals(
        new AppendRule.Mismatch(new LogPosition(1, 2)),
        AppendRule.decide(append(1, 4, 0, List.of()), 1, log));
  }

  @Test
  void allButTheLastChangeInALogAreCommitted() {
    assertEquals(3, MembershipChange.committedForCertain(Entries.log(1, 1, 1, 2, 2)));
    LogTail log = Entries.log(1, 1, 1, 2);
    log.append(change(2, 5));
    log.append(Entries.entry(3, 6));
    assertEquals(3, MembershipChange.committedForCertain(log));
    log.append(change(3, 7));
    assertEquals(5, MembershipChange.committedForCertain(log));
  }

  private static Entry change(long term, long index) {
    return Entries.entry(term, index).toBuilder()
        .setType(io.sampo.protocol.raftpb.EntryType.EntryConfChange)
        .build();
  }

  @Test
  void theLastChangeOfALogMayHaveMadeUsAVoter() {
    LogTail log = Entries.log(1, 2);
    log.append(change(3, ConfChangeType.ConfChangeAddLearnerNode, 7));
    log.append(change(4, ConfChangeType.ConfChangeAddNode, 7));
    log.append(change(5, ConfChangeType.ConfChangeRemoveNode, 8));
    assertTrue(MembershipChange.mayMakeVoter(log, 3, 7));
    assertFalse(MembershipChange.mayMakeVoter(log, 4, 7), "known to be committed");
    assertFalse(MembershipChange.mayMakeVoter(log, 0, 8), "removed");
    log.truncateFrom(4);
    assertFalse(MembershipChange.mayMakeVoter(log, 0, 7), "a learner");
  }

  private static Entry change(long index, ConfChangeType type, long node) {
    return Entry.newBuilder()
        .setTerm(2)
        .setIndex(index)
        .setType(EntryType.EntryConfChange)
        .setData(ConfChange.newBuilder().setType(type).setNodeId(node).build().toByteString())
        .build();
  }
}
