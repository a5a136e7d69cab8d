package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/**
 * Three members under loss, duplication, reordering, cuts and crashes, every choice drawn from the
 * seed; then all faults end, and the cluster must agree and go on. A failure names its seed.
 */
class SeededClusterTest {
  private static final int STEPS = 5_000;

  private record Asked(long committedBefore, TestInbox<ReadIndexReply> answer) {}

  private static final class Run {
    final Random random;
    final TestCluster cluster = new TestCluster(line -> {});
    final List<Asked> reads = new ArrayList<>();
    final double loss;
    final double crash;
    final double tick;
    final double cut;
    int proposals;
    int readsAnswered;

    Run(long seed) {
      random = new Random(seed);
      loss = random.nextDouble() * 0.3;
      crash = random.nextDouble() * 0.004;
      tick = 0.03 + random.nextDouble() * 0.15;
      cut = random.nextDouble() * 0.02;
      RaftSettings settings =
          RaftSettings.of(1, Bootstrap.entries(1, 2, 3))
              .withElections(random.nextInt(4) != 0, true)
              .withCatchUpEntries(random.nextInt(20));
      RaftLimits d = RaftLimits.DEFAULT;
      RaftLimits limits =
          new RaftLimits(
              1 + random.nextInt(200),
              1 + random.nextInt(8),
              1 + random.nextInt(8),
              1 + random.nextInt(400),
              d.maxUncommittedEntries(),
              d.maxUncommittedBytes(),
              d.maxHeldEntries(),
              d.maxPendingReads(),
              d.maxStashed(),
              d.requestTicks(),
              d.readRetryTicks(),
              d.diskTicks());
      int electionTicks = 2 + random.nextInt(6);
      for (long id = 1; id <= 3; id++) {
        RaftSettings own =
            new RaftSettings(
                id,
                settings.tick(),
                10,
                settings.preVote(),
                true,
                settings.catchUpEntries(),
                settings.bootstrap(),
                RaftSettings.Restored.NOTHING,
                limits);
        cluster.add(own, random.nextLong());
      }
    }

    TestMember anyMember() {
      return cluster.member(1 + random.nextInt(3));
    }

    void step() {
      TestMember member = anyMember();
      double dice = random.nextDouble();
      if (dice < crash) {
        cluster.checks.restarted(member);
        member.start();
      } else if (dice < 0.01) {
        cut(member);
      } else if (dice < 0.02) {
        member.takeSnapshot();
      } else if (dice < 0.08) {
        member.tick();
      } else if (dice < 0.20) {
        member.propose("p" + proposals++);
      } else if (dice < 0.22) {
        ask(member);
      } else if (dice < 0.222) {
        member.run(new RaftCommand.TransferLeadership(1 + random.nextInt(3), ReplyTo.nobody()));
      } else if (dice < 0.45) {
        member.runMailbox();
      } else if (dice < 0.65) {
        member.write();
      } else {
        deliverSome();
      }
      cluster.collect(member);
      checkReads();
    }

    private void cut(TestMember member) {
      cluster.heal();
      switch (random.nextInt(4)) {
        case 0 -> cluster.isolate(member.id);
        case 1 -> cluster.cut(member.id, 1 + member.id % 3);
        case 2 -> cluster.cutOneWay(member.id, 1 + member.id % 3);
        default -> {}
      }
    }

    private void disturb(TestMember member) {
      switch (random.nextInt(10)) {
        case 0 ->
            member.run(new RaftCommand.TransferLeadership(1 + random.nextInt(3), ReplyTo.nobody()));
        case 1, 2, 3 -> member.takeSnapshot();
        default -> ask(member);
      }
    }

    private void deliverSome() {
      if (cluster.network.isEmpty()) {
        return;
      }
      List<Message> all = new ArrayList<>(cluster.network);
      Message chosen = all.remove(random.nextInt(Math.min(all.size(), 4)));
      cluster.network.clear();
      cluster.network.addAll(all);
      if (random.nextDouble() < loss) {
        report(chosen, false);
        return;
      }
      if (random.nextInt(20) == 0) {
        cluster.network.add(chosen);
      }
      cluster.deliver(chosen);
      report(chosen, true);
    }

    /** The real transport knows what became of a snapshot. */
    private void report(Message message, boolean delivered) {
      if (message.getType() == MessageType.MsgSnap) {
        TestMember sender = cluster.member(message.getFrom());
        sender.run(
            new RaftCommand.SnapshotSent(message.getTo(), delivered && !cluster.isCut(message)));
        cluster.collect(sender);
      }
    }

    private void ask(TestMember member) {
      TestInbox<ReadIndexReply> answer = TestInbox.create();
      reads.add(new Asked(cluster.checks.committed(), answer));
      member.run(new RaftCommand.ReadIndex(reads.size(), answer.getRef()));
    }

    /** Whatever was applied anywhere when a read was asked for must be visible to it. */
    private void checkReads() {
      for (Asked asked : reads) {
        for (ReadIndexReply reply : asked.answer().getAllReceived()) {
          if (reply instanceof ReadIndexReply.ReadState state) {
            readsAnswered++;
            assertTrue(state.index() >= asked.committedBefore(), "a stale read");
          }
        }
      }
    }

    void converge() {
      cluster.heal();
      for (int i = 0; i < 100; i++) {
        for (TestMember member : cluster.members.values()) {
          member.tick();
          cluster.collect(member);
        }
        settleWithReports();
      }
    }

    private void settleWithReports() {
      boolean moved = true;
      while (moved) {
        moved = false;
        for (TestMember member : cluster.members.values()) {
          while (member.hasWork()) {
            member.runMailbox();
            member.write();
            cluster.collect(member);
            moved = true;
          }
        }
        while (!cluster.network.isEmpty()) {
          Message next = cluster.network.removeFirst();
          cluster.deliver(next);
          report(next, true);
          moved = true;
        }
      }
    }
  }

  private static String run(long seed) {
    Run run = new Run(seed);
    try {
      for (int i = 0; i < STEPS; i++) {
        run.step();
      }
      run.converge();
      TestMember leader = run.cluster.leader();
      assertNotNull(leader, "no leader after all faults ended");
      leader.propose("last");
      run.converge();
      for (TestMember member : run.cluster.members.values()) {
        assertEquals("last", member.applied.lastEntry().getValue().getData().toStringUtf8());
        assertEquals(leader.tail().last(), member.tail().last());
      }
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
    }
    return run.cluster.checks.elections()
        + " elections, "
        + run.cluster.checks.committed()
        + " committed, "
        + run.readsAnswered
        + " reads, last "
        + run.cluster.leader().tail().last();
  }

  /** More of them: {@code -Dsampo.raft.seeds=5000}. */
  @Test
  void keepsItsPromisesAndConverges() {
    int seeds = Integer.getInteger("sampo.raft.seeds", 60);
    for (long seed = 0; seed < seeds; seed++) {
      run(seed);
    }
  }

  @Test
  void aSeedGivesTheSameRunTwice() {
    assertEquals(run(4711), run(4711));
  }
}
