package io.sampo.node.state.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.protobuf.ByteString;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.LogTail;
import io.sampo.node.raft.core.Membership;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.node.state.MembershipResult;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** Whom Raft counts and whom the state machine knows as members never differ. */
class OneRuleTest {
  /** Small ids, and one as etcd computes them: above the largest signed number. */
  private static final List<Long> IDS =
      List.of(1L, 2L, 3L, 4L, Long.parseUnsignedLong("e2cb0d5a74f1f5ba", 16));

  private static final List<String> URLS = List.of("http://a", "http://b", "http://c", "http://d");

  @Provide
  Arbitrary<ConfChange> changes() {
    Arbitrary<Long> id = Arbitraries.of(IDS);
    Arbitrary<String> url = Arbitraries.of(URLS);
    return Arbitraries.oneOf(
        Combinators.combine(id, url, Arbitraries.of(true, false)).as(OneRuleTest::addition),
        id.map(promoted -> change("AddNode", promoted, MemberJson.encodePromotion(promoted))),
        id.map(removed -> change("RemoveNode", removed, new byte[0])),
        Combinators.combine(id, url)
            .as((updated, to) -> change("UpdateNode", updated, member(updated, to, false))));
  }

  private static ConfChange addition(long id, String url, boolean learner) {
    return change(learner ? "AddLearnerNode" : "AddNode", id, member(id, url, learner));
  }

  private static byte[] member(long id, String url, boolean learner) {
    return MemberJson.encode(new ClusterMember(id, List.of(url), learner, "", List.of()));
  }

  private static ConfChange change(String what, long id, byte[] context) {
    return ConfChange.newBuilder()
        .setType(ConfChangeType.valueOf("ConfChange" + what))
        .setNodeId(id)
        .setContext(ByteString.copyFrom(context))
        .build();
  }

  /** As etcd hands a change to Raft after its state machine has judged it. */
  private static ConfChange judged(ConfChange change, MembershipResult result) {
    return result.error() == null ? change : change.toBuilder().setNodeId(0).build();
  }

  @Property
  void raftAndTheStateMachineCountTheSameMembersAfterEveryChange(
      @ForAll @Size(max = 40) List<@From("changes") ConfChange> changes) {
    StateMachine machine = new StateMachine(StateSettings.DEFAULT);
    Membership counted = Membership.EMPTY;
    long index = 0;
    for (ConfChange change : changes) {
      ClusterState before = machine.cluster();
      MembershipResult result = machine.applyMembership(change, ++index, 2);
      Statistics.collect(result.error() == null ? "holds" : "refused");
      if (result.error() != null) {
        assertSame(before, machine.cluster());
      }
      counted = MembershipChange.apply(counted, judged(change, result));
      assertEquals(counted, Membership.of(machine.cluster().confState()));
      assertEquals(counted.toConfState(), machine.cluster().confState());
      assertEquals(counted, byWhatTheySayOfThemselves(machine.cluster()));
    }
  }

  private static Membership byWhatTheySayOfThemselves(ClusterState cluster) {
    var learners =
        cluster.memberList().stream()
            .collect(
                Collectors.partitioningBy(
                    ClusterMember::learner,
                    Collectors.mapping(ClusterMember::id, Collectors.toList())));
    return new Membership(learners.get(false), learners.get(true));
  }

  @Property
  void aNewClustersFirstEntriesComeToTheSameBeforeAndAfterTheyAreApplied(
      @ForAll @Size(min = 1, max = 5) Set<@From("ids") Long> ids) {
    List<Entry> entries = new ArrayList<>();
    for (long id : ids) {
      entries.add(
          Entry.newBuilder()
              .setType(EntryType.EntryConfChange)
              .setTerm(1)
              .setIndex(entries.size() + 1L)
              .setData(addition(id, "http://" + id, false).toByteString())
              .build());
    }
    Membership atOnce =
        MembershipChange.afterBootstrap(Membership.EMPTY, new LogTail(LogPosition.ZERO, entries));
    StateMachine machine = new StateMachine(StateSettings.DEFAULT);
    entries.forEach(
        entry ->
            machine.applyMembership(
                MembershipChange.parse(entry), entry.getIndex(), entry.getTerm()));
    assertEquals(atOnce, Membership.of(machine.cluster().confState()));
  }

  @Provide
  Arbitrary<Long> ids() {
    return Arbitraries.of(IDS);
  }
}
