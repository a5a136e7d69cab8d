package io.sampo.node.member;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdError;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The cases that etcd 3.7.1 was seen to refuse and to take. */
class StrictReconfigurationTest {
  private static final long SELF = 1;
  private static final Optional<EtcdError> FINE = Optional.empty();
  private static final Optional<EtcdError> NOT_STARTED =
      Optional.of(EtcdError.NOT_ENOUGH_STARTED_MEMBERS);
  private static final Optional<EtcdError> UNHEALTHY = Optional.of(EtcdError.UNHEALTHY_CLUSTER);

  private final SortedMap<Long, ClusterMember> members = new TreeMap<>();
  private final Map<Long, Long> activeSince = new HashMap<>();
  private final long now = Duration.ofHours(1).toNanos();
  private final StrictReconfiguration rules =
      new StrictReconfiguration(
          SELF,
          id ->
              activeSince.containsKey(id)
                  ? OptionalLong.of(activeSince.get(id))
                  : OptionalLong.empty(),
          () -> now);

  private void started(long id) {
    members.put(id, new ClusterMember(id, List.of("http://" + id), false, "m" + id, List.of()));
  }

  private void unstarted(long id, boolean learner) {
    members.put(id, new ClusterMember(id, List.of("http://" + id), learner, "", List.of()));
  }

  private void connected(long id, Duration ago) {
    activeSince.put(id, now - ago.toNanos());
  }

  private ClusterState cluster() {
    ClusterState empty = ClusterState.EMPTY;
    return new ClusterState(
        members, empty.removed(), empty.confState(), empty.clusterVersion(), empty.downgrade());
  }

  private Optional<EtcdError> add() {
    return rules.refusalToAdd(cluster(), false);
  }

  private Optional<EtcdError> remove(long id) {
    return rules.refusalToRemove(cluster(), id);
  }

  @Test
  void oneMemberMayAlwaysGrow() {
    started(SELF);
    assertEquals(FINE, add());
    assertEquals(FINE, rules.refusalToAdd(cluster(), true));
  }

  @Test
  void aSecondMemberThatHasNotStartedKeepsTheThirdOut() {
    started(SELF);
    unstarted(2, false);
    assertEquals(NOT_STARTED, add());
    // A learner costs no quorum, but those who vote have to be connected.
    assertEquals(UNHEALTHY, rules.refusalToAdd(cluster(), true));
  }

  @Test
  void aQuorumHasToBeConnectedForFiveSeconds() {
    started(SELF);
    started(2);
    started(3);
    connected(2, Duration.ofSeconds(9));
    connected(3, Duration.ofSeconds(4));
    assertEquals(UNHEALTHY, add(), "of four, two are connected for long");
    connected(3, Duration.ofSeconds(6));
    assertEquals(FINE, add());
    activeSince.remove(3L);
    assertEquals(UNHEALTHY, add());
  }

  @Test
  void whoIsDownMayGoAndWhoIsNeededMayNot() {
    started(SELF);
    started(2);
    started(3);
    connected(2, Duration.ofMinutes(1));
    assertEquals(FINE, remove(3), "it is down");
    assertEquals(UNHEALTHY, remove(2), "then one of two would be down");
    assertEquals(UNHEALTHY, remove(SELF));
    connected(3, Duration.ofMinutes(1));
    assertEquals(FINE, remove(2));
    assertEquals(FINE, remove(SELF));
  }

  @Test
  void theOnlyStartedMemberMayNotGo() {
    started(SELF);
    assertEquals(NOT_STARTED, remove(SELF), "nobody would be left");
    unstarted(2, false);
    assertEquals(NOT_STARTED, remove(SELF));
    assertEquals(FINE, remove(2), "it has never been there");
  }

  @Test
  void learnersMayGoAndComeWhateverIsDown() {
    started(SELF);
    started(2);
    unstarted(3, true);
    assertEquals(FINE, remove(3));
    assertEquals(FINE, remove(99), "whether it exists is seen when it is applied");
    assertEquals(FINE, rules.refusalToPromote(cluster()));
  }

  @Test
  void noPromotionWhileAMajorityHasNotStarted() {
    started(SELF);
    unstarted(2, false);
    unstarted(3, false);
    unstarted(4, true);
    assertEquals(NOT_STARTED, rules.refusalToPromote(cluster()));
    started(2);
    assertEquals(FINE, rules.refusalToPromote(cluster()));
  }

  @Test
  void aLearnerIsReadyWithNineTenthsOfTheLog() {
    Map<Long, Long> matches = Map.of(SELF, 100L, 2L, 90L, 3L, 89L);
    assertEquals(FINE, LearnerReadiness.refusal(SELF, matches, 2));
    assertEquals(
        Optional.of(EtcdError.LEARNER_NOT_READY), LearnerReadiness.refusal(SELF, matches, 3));
    assertEquals(
        Optional.of(EtcdError.MEMBER_NOT_FOUND), LearnerReadiness.refusal(SELF, matches, 4));
  }
}
