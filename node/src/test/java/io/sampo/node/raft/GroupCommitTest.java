package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.LogTail;
import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** What is promised is said when it is durable, and then it is said. */
class GroupCommitTest {
  private static final Message VOTE =
      Message.newBuilder().setType(MessageType.MsgVoteResp).setTerm(3).build();
  private static final Message ACKNOWLEDGEMENT =
      Message.newBuilder().setType(MessageType.MsgAppResp).setTerm(3).build();

  private final LogTail tail =
      new LogTail(LogPosition.ZERO, LongStream.rangeClosed(1, 9).mapToObj(this::entry).toList());
  private final TestInbox<LogCommand> log = TestInbox.create();
  private final List<Message> said = new ArrayList<>();
  private int begun;
  private final GroupCommit writes =
      new GroupCommit(
          tail,
          log.getRef(),
          RaftLimits.DEFAULT,
          said::add,
          new RaftMetrics(new MetricsRegistry(), () -> null, () -> 0, Duration.ZERO),
          () -> begun++,
          tail.lastIndex());

  private Entry entry(long index) {
    return Entry.newBuilder().setTerm(2).setIndex(index).build();
  }

  private void durable(long term, long index, List<Message> after) {
    writes.flushed(new LogReply.Flushed(term, index, after));
    said.addAll(after);
    writes.start();
  }

  /** Else it would hold up everything that is said later, until the log is as long as it was. */
  @Test
  void aVoteDoesNotWaitForEntriesThatASnapshotHasReplaced() {
    writes.hardStateChanged(new HardState(3, 7));
    writes.start();
    writes.hold(VOTE);
    tail.reset(new LogPosition(3, 4));
    writes.install(tail.last(), ConfState.getDefaultInstance(), ACKNOWLEDGEMENT);
    assertEquals(0, begun);
    durable(0, 0, List.of());
    assertEquals(1, begun);
    assertEquals(List.of(), said);
    log.receiveMessage();
    var install = assertInstanceOf(LogCommand.InstallSnapshot.class, log.receiveMessage());
    durable(3, 4, install.after());
    assertEquals(List.of(ACKNOWLEDGEMENT, VOTE), said);
    assertEquals(1, begun);
  }
}
