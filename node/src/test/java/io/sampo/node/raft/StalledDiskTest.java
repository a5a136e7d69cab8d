package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A write that does not end costs a leader its leadership and nobody anything else. */
class StalledDiskTest {
  private static final int BOUND = RaftLimits.DEFAULT.diskTicks();
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(RaftMetrics.class);

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final TestCluster cluster = new TestCluster(line -> {});

  @BeforeEach
  void listen() {
    lines.start();
    LOG.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    LOG.detachAppender(lines);
  }

  private TestMember lead(long... ids) {
    for (long id : ids) {
      cluster.add(RaftSettings.of(id, Bootstrap.entries(ids)).withCatchUpEntries(0), id);
    }
    cluster.settle();
    TestMember first = cluster.member(ids[0]);
    first.run(RaftCommand.Signal.CAMPAIGN);
    cluster.collect(first);
    cluster.settle();
    assertTrue(first.status.isLeader());
    return first;
  }

  private void propose(TestMember member, String data) {
    member.propose(data);
    cluster.collect(member);
    cluster.settle();
  }

  private String lastApplied(TestMember member) {
    return member.applied.lastEntry().getValue().getData().toStringUtf8();
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getMessage).toList();
  }

  @Test
  void aLeaderLetsAnotherLeadAndCatchesUpWhenItsDiskGoesOn() {
    TestMember leader = lead(1, 2, 3);
    leader.stalled = true;
    propose(leader, "a");
    assertEquals("a", lastApplied(cluster.member(2)), "the others are enough");
    cluster.tick(1, BOUND);
    assertTrue(leader.status.isLeader());
    assertFalse(leader.metrics.isWriteLate());
    cluster.tick(1, 1);
    assertEquals(RoleName.FOLLOWER, leader.status.role());
    assertTrue(leader.metrics.isWriteLate());

    while (cluster.leader() == null) {
      cluster.tick(2, 1);
      cluster.tick(3, 1);
    }
    TestMember second = cluster.leader();
    propose(second, "b");
    assertEquals("b", lastApplied(cluster.member(2)));
    assertEquals("b", lastApplied(cluster.member(3)));
    cluster.tick(1, 10 * BOUND);
    assertEquals(RoleName.FOLLOWER, leader.status.role());

    leader.stalled = false;
    cluster.settle();
    cluster.tick(second.id, 1);
    assertEquals("b", lastApplied(leader));
    assertFalse(leader.metrics.isWriteLate());
  }

  @Test
  void aLoneMemberWaitsAndSaysSoOnce() {
    TestMember alone = lead(1);
    alone.stalled = true;
    propose(alone, "a");
    cluster.tick(1, BOUND);
    assertEquals(List.of(), said());
    cluster.tick(1, 10 * BOUND);
    assertTrue(alone.status.isLeader());
    assertTrue(alone.metrics.isWriteLate());
    assertEquals(
        List.of("the disk does not finish a write of the log; this member waits for it"), said());

    alone.stalled = false;
    cluster.settle();
    assertEquals("a", lastApplied(alone));
    assertFalse(alone.metrics.isWriteLate());
  }
}
