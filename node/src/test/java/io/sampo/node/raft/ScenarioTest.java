package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.RaftCommand.HandOver;
import io.sampo.node.raft.RaftCommand.PeerGone;
import io.sampo.node.raft.RaftCommand.ProposeConfChange;
import io.sampo.node.raft.RaftCommand.ProposeInTerm;
import io.sampo.node.raft.RaftCommand.ReadIndex;
import io.sampo.node.raft.RaftCommand.TransferLeadership;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Every message, write and applied entry of a scenario, compared with the transcript that stands
 * under {@code scenario/}. After a wanted change: {@code -Dsampo.golden.write=true}, then read the
 * difference.
 */
class ScenarioTest {
  private final StringBuilder transcript = new StringBuilder();
  private final TestCluster cluster = new TestCluster(this::say);
  private final TestInbox<ReadIndexReply> reads = TestInbox.create();
  private final List<TransferReply> transfers = new ArrayList<>();

  @BeforeEach
  void threeMembers() {
    for (long id = 1; id <= 3; id++) {
      cluster.add(RaftSettings.of(id, Bootstrap.entries(1, 2, 3)).withCatchUpEntries(0), id);
    }
    cluster.settle();
    transcript.setLength(0);
  }

  @AfterEach
  void compare(TestInfo info) throws IOException {
    String name = info.getTestMethod().orElseThrow().getName() + ".txt";
    if (Boolean.getBoolean("sampo.golden.write")) {
      Path folder = Path.of("src/test/resources/io/sampo/node/raft/scenario");
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name), transcript);
    }
    try (InputStream golden = getClass().getResourceAsStream("scenario/" + name)) {
      assertEquals(
          new String(golden.readAllBytes(), StandardCharsets.UTF_8), transcript.toString());
    }
  }

  private void say(String line) {
    transcript.append(line).append('\n');
  }

  /** A heading, then what happens, then everything that follows from it. */
  private void then(String heading, Runnable action) {
    say(heading);
    action.run();
    cluster.settle();
    for (ReadIndexReply reply : reads.getAllReceived()) {
      say("  read: " + reply);
    }
    transfers.forEach(reply -> say("  transfer: " + reply));
    transfers.clear();
  }

  private ReplyTo<TransferReply> transferReply() {
    return ReplyTo.of(transfers::add, why -> fail(why.text()));
  }

  private void propose(long member, String data) {
    cluster.member(member).propose(data);
    cluster.collect(cluster.member(member));
  }

  private void campaign(long member) {
    cluster.member(member).run(RaftCommand.Signal.CAMPAIGN);
    cluster.collect(cluster.member(member));
  }

  private void run(long member, RaftCommand command) {
    cluster.member(member).run(command);
    cluster.collect(cluster.member(member));
  }

  private void quietly(Runnable action) {
    int length = transcript.length();
    action.run();
    cluster.settle();
    transcript.setLength(length);
  }

  @Test
  void election() {
    then("1 campaigns", () -> campaign(1));
    then("a proposal to the leader", () -> propose(1, "a"));
    then("a proposal to a follower goes to the leader", () -> propose(3, "b"));
    then("a heartbeat", () -> cluster.tick(1, 1));
  }

  @Test
  void lostAppends() {
    quietly(() -> campaign(1));
    cluster.cut(1, 3);
    then("a is lost on its way to 3", () -> propose(1, "a"));
    cluster.heal();
    then("b finds the gap", () -> propose(1, "b"));
    cluster.cut(1, 3);
    then("c is lost and nothing follows", () -> propose(1, "c"));
    then("the transport says so", () -> run(1, new RaftCommand.PeerUnreachable(3)));
    cluster.heal();
    then("a heartbeat's answer starts the probe", () -> cluster.tick(1, 1));
  }

  @Test
  void logConflict() {
    quietly(() -> campaign(1));
    cluster.isolate(1);
    then("1 is alone and keeps taking proposals", () -> propose(1, "x"));
    quietly(() -> propose(1, "y"));
    quietly(() -> cluster.tick(3, 10));
    quietly(() -> cluster.tick(2, 20));
    then("2 leads the others by now", () -> propose(2, "a"));
    cluster.heal();
    then("the cut is mended: 1 throws x and y away", () -> cluster.tick(2, 1));
  }

  @Test
  void preVoteAfterAPartition() {
    quietly(() -> campaign(1));
    cluster.isolate(3);
    then("3 hears nobody, asks around and stays in its term", () -> cluster.tick(3, 40));
    cluster.heal();
    then("it comes back: the others still hear their leader", () -> cluster.tick(3, 20));
    then("and the leader goes on in its term", () -> cluster.tick(1, 1));
  }

  @Test
  void leaderTransfer() {
    quietly(() -> campaign(1));
    then("1 hands over to 2", () -> run(1, new TransferLeadership(2, transferReply())));
    then("a follower cannot hand over", () -> run(1, new TransferLeadership(3, transferReply())));
    cluster.isolate(3);
    then("2 cannot reach 3", () -> run(2, new TransferLeadership(3, transferReply())));
    then(
        "so a proposal waits, and one of a lessor is dropped",
        () -> {
          propose(2, "a");
          run(2, new ProposeInTerm(3, "revoke".getBytes(StandardCharsets.UTF_8)));
        });
    quietly(() -> cluster.tick(1, 0));
    then("after an election time it is given up", () -> ticksWithAnswers(2, 9));
    then("and what waited is proposed", () -> cluster.tick(2, 1));
  }

  @Test
  void handOver() {
    quietly(() -> campaign(1));
    cluster.isolate(2);
    quietly(() -> propose(1, "a"));
    cluster.heal();
    then(
        "2 is connected for longest, but 3 has what is committed",
        () -> run(1, new HandOver(List.of(4L, 1L, 2L, 3L), transferReply())));
    then("nobody is there who votes", () -> run(3, new HandOver(List.of(4L), transferReply())));
  }

  @Test
  void goneLeader() {
    quietly(() -> campaign(3));
    cluster.isolate(3);
    then("2 notices first, and waits for 1", () -> run(2, new PeerGone(3)));
    then("1 notices and campaigns", () -> runAndFire(1, new PeerGone(3)));
    then("2's own time comes too late", () -> run(2, RaftCommand.Signal.CAMPAIGN));
    then("3 is no leader any more: nothing happens", () -> run(2, new PeerGone(3)));
  }

  @Test
  void goneLeaderNoticedLate() {
    quietly(() -> campaign(3));
    cluster.isolate(3);
    then("1 notices, and 2 still hears the leader", () -> runAndFire(1, new PeerGone(3)));
    then("2 notices, and waits for 1", () -> run(2, new PeerGone(3)));
    then("1 asks again and leads", () -> campaign(1));
  }

  /** Each has asked before it hears the other: both would be told yes and vote for themselves. */
  @Test
  void goneLeaderNoticedLateByTheFirstInLine() {
    quietly(() -> campaign(3));
    cluster.isolate(3);
    cluster.member(2).run(new PeerGone(3));
    cluster.member(2).run(RaftCommand.Signal.CAMPAIGN);
    then("1 notices when 2 has asked: 2 steps back", () -> runAndFire(1, new PeerGone(3)));
    then("2's own time comes too late", () -> run(2, RaftCommand.Signal.CAMPAIGN));
  }

  @Test
  void wronglyGoneLeader() {
    quietly(() -> campaign(3));
    then("1 is wrong, and nobody answers it", () -> runAndFire(1, new PeerGone(3)));
    then("the leader goes on in its term", () -> cluster.tick(3, 1));
  }

  /** With the timer that this starts. */
  private void runAndFire(long member, RaftCommand command) {
    cluster.member(member).run(command);
    campaign(member);
  }

  @Test
  void proposalsWaitForALeader() {
    quietly(() -> cluster.isolate(1));
    then("nobody leads: a waits at 1", () -> propose(1, "a"));
    then("b waits at 2", () -> propose(2, "b"));
    cluster.heal();
    then("3 campaigns: who follows it hands over what it holds", () -> campaign(3));
    cluster.isolate(3);
    quietly(() -> cluster.tick(3, 20));
    then("3 lost its quorum: its own proposal waits", () -> propose(3, "c"));
    then(
        "one of its lessor does not",
        () -> run(3, new ProposeInTerm(2, "revoke".getBytes(StandardCharsets.UTF_8))));
    quietly(() -> cluster.tick(1, 10));
    quietly(() -> cluster.tick(2, 20));
    cluster.heal();
    then("it goes to the successor", () -> cluster.tick(2, 1));
    cluster.isolate(1);
    quietly(() -> cluster.tick(1, 30));
    then("too late for d", () -> propose(1, "d"));
    quietly(() -> cluster.tick(1, 80));
    cluster.heal();
    then("nobody waits for it any more", () -> cluster.tick(2, 1));
  }

  @Test
  void proposalsTravelTogether() {
    quietly(() -> campaign(1));
    then(
        "two proposals before 2 has read its mailbox up to here",
        () -> {
          cluster.member(2).propose("a");
          propose(2, "b");
        });
  }

  private void ticksWithAnswers(long member, int times) {
    int length = transcript.length();
    cluster.tick(member, times);
    transcript.setLength(length);
  }

  @Test
  void readIndex() {
    then("a read at 2 waits for a leader", () -> run(2, new ReadIndex(1, reads.getRef())));
    then("one at 1 too", () -> run(1, new ReadIndex(5, reads.getRef())));
    then("1 campaigns", () -> campaign(1));
    then("a read at the leader asks a quorum", () -> run(1, new ReadIndex(2, reads.getRef())));
    then("a read at a follower asks the leader", () -> run(3, new ReadIndex(3, reads.getRef())));
    cluster.isolate(1);
    then("a leader that is cut off cannot answer", () -> run(1, new ReadIndex(4, reads.getRef())));
    then("and says so when it gives up", () -> cluster.tick(1, 20));
  }

  @Test
  void learner() {
    quietly(() -> campaign(1));
    cluster.add(RaftSettings.of(4, List.of()), 4);
    then("4 is added as a learner", () -> change(ConfChangeType.ConfChangeAddLearnerNode, 4));
    then("it takes the log but does not count", () -> propose(1, "a"));
    cluster.isolate(4);
    then("it never campaigns", () -> cluster.tick(4, 40));
    cluster.heal();
    then("it is promoted", () -> change(ConfChangeType.ConfChangeAddNode, 4));
    say("  " + Transcript.line(cluster.member(4).status));
    then("it is removed", () -> change(ConfChangeType.ConfChangeRemoveNode, 4));
  }

  private void change(ConfChangeType type, long member) {
    run(1, new ProposeConfChange(ConfChange.newBuilder().setType(type).setNodeId(member).build()));
  }

  @Test
  void aLeaderThatIsToBeRemovedHandsOver() {
    quietly(() -> campaign(1));
    then(
        "another leads first, and then takes the removal",
        () -> {
          cluster.member(1).propose("a");
          change(ConfChangeType.ConfChangeRemoveNode, 1);
        });
    then("a write", () -> propose(3, "b"));
  }

  @Test
  void aRemovedLeaderGivesUp() {
    quietly(() -> campaign(1));
    cluster.cut(1, 2);
    then(
        "how far the logs match, as the leader and as a follower say",
        () -> {
          askMatches(1);
          askMatches(2);
        });
    then("its successor does not hear it", () -> change(ConfChangeType.ConfChangeRemoveNode, 1));
    then("after an election time it is removed without one", () -> cluster.tick(1, 10));
    cluster.heal();
    then("it never campaigns again", () -> cluster.tick(1, 40));
    quietly(() -> cluster.tick(2, 10));
    then("the others elect", () -> cluster.tick(3, 20));
  }

  @Test
  void aJoinerForgetsALeaderThatIsSilent() {
    quietly(() -> campaign(1));
    cluster.add(RaftSettings.of(4, List.of()), 4);
    Message heartbeat =
        Message.newBuilder()
            .setType(MessageType.MsgHeartbeat)
            .setFrom(1)
            .setTo(4)
            .setTerm(2)
            .build();
    then(
        "4, which no change has added yet, hears the leader",
        () -> run(4, new RaftCommand.Receive(heartbeat)));
    say("  its leader: " + cluster.member(4).status.leaderId());
    then("and then nobody", () -> cluster.tick(4, 40));
    say("  its leader: " + cluster.member(4).status.leaderId());
  }

  private void askMatches(long member) {
    Map<Long, Long> said = new TreeMap<>();
    run(member, new RaftCommand.AskMatches(ReplyTo.of(said::putAll, why -> fail(why.text()))));
    say("  " + member + " says " + said);
  }

  @Test
  void oneMembershipChangeAtATime() {
    quietly(() -> campaign(1));
    then(
        "the second change enters the log as an empty entry",
        () -> {
          change(ConfChangeType.ConfChangeRemoveNode, 2);
          change(ConfChangeType.ConfChangeRemoveNode, 3);
        });
  }

  @Test
  void snapshotForASlowFollower() {
    quietly(() -> campaign(1));
    cluster.isolate(3);
    for (String data : List.of("a", "b", "c")) {
      quietly(() -> propose(1, data));
    }
    then(
        "the leader's log begins after what 3 has",
        () -> {
          TestMember leader = cluster.member(1);
          leader.takeSnapshot();
          cluster.collect(leader);
        });
    cluster.heal();
    then("3 is heard again", () -> cluster.tick(1, 1));
    then("and goes on from the snapshot", () -> propose(1, "d"));
  }

  @Test
  void checkQuorum() {
    quietly(() -> campaign(1));
    cluster.isolate(1);
    then("a leader that hears nobody gives up", () -> cluster.tick(1, 20));
    then("a proposal has nowhere to go", () -> propose(1, "a"));
  }
}
