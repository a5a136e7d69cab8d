package io.sampo.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.edge.Answers;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.raftpb.ConfState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is said when the time to ask the leader is over: nobody was there, or nobody answered. */
class LeaderClientTest {
  private static final long LEADER = 7;
  private static final long TIMEOUT_NANOS = 100;

  @Test
  void withoutALeaderThatIsTheReason() {
    assertEquals(EtcdError.NO_LEADER.exception().getMessage(), reasonWithLeader(0));
  }

  @Test
  void aLeaderThatDidNotAnswerIsATimeout() {
    assertEquals(EtcdError.TIMEOUT.exception().getMessage(), reasonWithLeader(LEADER));
  }

  /** Nobody is asked: the time is over when the question is first looked at. */
  private static String reasonWithLeader(long leader) {
    AtomicLong now = new AtomicLong();
    LeaderClient questions =
        new LeaderClient(
            null,
            () -> new RaftStatus(1, 5, leader, RoleName.FOLLOWER, 7, 7),
            LeaderClientTest::cluster,
            new Answers(Runnable::run),
            null,
            null,
            () -> now.getAndAdd(TIMEOUT_NANOS),
            TIMEOUT_NANOS);
    CompletableFuture<String> answer =
        questions.ask(url -> new CompletableFuture<>(), reply -> Optional.empty());
    return assertThrows(CompletionException.class, answer::join).getCause().getMessage();
  }

  private static ClusterState cluster() {
    ClusterMember leader = new ClusterMember(LEADER, List.of("http://a:1"), false, "m", List.of());
    return new ClusterState(
        new TreeMap<>(Map.of(LEADER, leader)),
        new TreeSet<>(),
        ConfState.getDefaultInstance(),
        Optional.empty(),
        Optional.empty());
  }
}
