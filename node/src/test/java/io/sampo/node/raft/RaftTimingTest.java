package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.boot.Boot;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.node.server.MemberSetup;
import io.sampo.node.server.RestoredState;
import io.sampo.node.server.ServerTokens;
import io.sampo.persistence.datadir.Identity;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the flags for elections say, on its whole way: from the command line to what one of three
 * members sends. Time passes only when the test says so.
 */
class RaftTimingTest {
  private static final long SELF = 1;
  private static final Duration MILLISECOND = Duration.ofMillis(1);

  /** What an actor does, its log included, it does in the call that told it. */
  private static final Config SAME_THREAD =
      ConfigFactory.parseString(
          "pekko.actor.default-dispatcher.type ="
              + " org.apache.pekko.testkit.CallingThreadDispatcherConfigurator");

  @TempDir private Path directory;

  private final ActorTestKit kit =
      ActorTestKit.create(SAME_THREAD.withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final List<Message> sent = new ArrayList<>();
  private RaftStatus status;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aLeaderSendsItsHeartbeatsAtTheIntervalOfTheFlag() throws Exception {
    heartbeatsCome(Duration.ofMillis(250), "--heartbeat-interval=250", "--election-timeout=2500");
    heartbeatsCome(Duration.ofMillis(100));
  }

  @Test
  void aFollowerWaitsForTheElectionTimeoutOfTheFlagAndForLessThanTwice() throws Exception {
    for (int seed = 0; seed < 8; seed++) {
      ActorRef<RaftCommand> member = member(seed, "--election-timeout=2000");
      time.timePasses(Duration.ofMillis(1_999));
      assertEquals(List.of(), types(), "it campaigns too early");
      time.timePasses(Duration.ofMillis(2_001));
      assertTrue(types().contains(MessageType.MsgPreVote), "it does not campaign");
      kit.stop(member);
    }
  }

  @Test
  void withoutPreVoteAMemberAsksForVotesAtOnce() throws Exception {
    ActorRef<RaftCommand> member = member(1, "--pre-vote=false");
    time.timePasses(Duration.ofMillis(2_000));
    assertTrue(types().contains(MessageType.MsgVote));
    assertFalse(types().contains(MessageType.MsgPreVote));
    kit.stop(member);
  }

  @Test
  void whoMeetsTheOthersCampaignsSoonUnlessItIsToldNotTo() throws Exception {
    for (boolean advance : new boolean[] {true, false}) {
      ActorRef<RaftCommand> member = member(1, "--initial-election-tick-advance=" + advance);
      member.tell(new RaftCommand.PeersConnected());
      time.timePasses(Duration.ofMillis(999));
      assertEquals(advance, types().contains(MessageType.MsgPreVote));
      kit.stop(member);
    }
  }

  private void heartbeatsCome(Duration interval, String... flags) throws Exception {
    ActorRef<RaftCommand> member = member(1, flags);
    elect(member);
    for (int i = 0; i < 3; i++) {
      time.timePasses(interval.minus(MILLISECOND));
      assertFalse(types().contains(MessageType.MsgHeartbeat), "too early");
      time.timePasses(MILLISECOND);
      assertTrue(types().contains(MessageType.MsgHeartbeat), "too late");
      sent.clear();
    }
    kit.stop(member);
  }

  /**
   * One of three members, made as a node makes it of its command line, and that has heard of no
   * leader yet.
   */
  private ActorRef<RaftCommand> member(long seed, String... flags) throws Exception {
    sent.clear();
    NodeConfig config =
        assertInstanceOf(Boot.Outcome.Start.class, Boot.read(List.of(flags), Map.of())).config();
    SystemSources sources =
        new SystemSources(() -> 0, () -> 0, () -> new Random(seed), () -> new Random(seed));
    RestoredState restored =
        RestoredState.of(
            new MemberSetup(
                config,
                sources,
                new Identity(SELF, 7),
                Bootstrap.entries(SELF, 2, 3),
                new MemberSetup.Disk(
                    LogSettings.defaults("none"),
                    SnapshotStore.open(directory.resolve("snap"), () -> 0),
                    directory),
                ServerTokens.open(config.auth(), sources),
                state -> new MemberSetup.Network(sent::add, Optional.empty()),
                MemberSetup.Instruments.NONE));
    ActorRef<RaftCommand> member =
        kit.spawn(RaftActor.create(restored.raft(), environment(restored, seed)));
    ConfState voters = ConfState.newBuilder().addAllVoters(List.of(SELF, 2L, 3L)).build();
    for (long index = 1; index <= 3; index++) {
      member.tell(new RaftCommand.ConfChangeApplied(index, voters));
      member.tell(new RaftCommand.Applied(index));
    }
    return member;
  }

  private RaftEnvironment environment(RestoredState restored, long seed) {
    return new RaftEnvironment(
        new FakeLog()::behavior,
        committed -> {},
        snapshot -> {},
        leadership -> {},
        sent::add,
        newStatus -> status = newStatus,
        () -> {},
        restored.raftMetrics(),
        new Random(seed),
        RaftRules.STANDARD);
  }

  /** The leader before has chosen it, and another member votes for it. */
  private void elect(ActorRef<RaftCommand> member) {
    member.tell(from2(MessageType.MsgTimeoutNow, status.term()));
    member.tell(from2(MessageType.MsgVoteResp, status.term()));
    assertEquals(RoleName.LEADER, status.role());
    sent.clear();
  }

  private static RaftCommand from2(MessageType type, long term) {
    return new RaftCommand.Receive(
        Message.newBuilder().setType(type).setFrom(2).setTo(SELF).setTerm(term).build());
  }

  private List<MessageType> types() {
    return sent.stream().map(Message::getType).toList();
  }
}
