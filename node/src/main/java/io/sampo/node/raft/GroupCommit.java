package io.sampo.node.raft;

import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.LogTail;
import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Persist, then promise: at most one write is in flight, and the next one holds everything that
 * came meanwhile. Messages that promise something are held until what they promise is durable.
 */
final class GroupCommit {

  /** A message, and the last entry the log had when it was said. */
  private record Held(Message message, long needs) {}

  private record Install(LogPosition position, ConfState membership, Message answer) {}

  private final LogTail tail;
  private final ActorRef<LogCommand> log;
  private final RaftLimits limits;
  private final Consumer<Message> release;
  private final RaftMetrics metrics;
  private final Runnable logBegun;
  private final Deque<Held> held = new ArrayDeque<>();

  private HardState newHardState;
  private Install install;
  private long nextIndex;
  private long durableIndex;
  private boolean inFlight;
  private boolean somethingDurable;
  private int ticksInFlight;
  private boolean installing;

  /**
   * @param release takes a held message that needs no write
   * @param logBegun called when the first write since the start is durable
   * @param durableIndex the last entry of the tail that the log actor has
   */
  GroupCommit(
      LogTail tail,
      ActorRef<LogCommand> log,
      RaftLimits limits,
      Consumer<Message> release,
      RaftMetrics metrics,
      Runnable logBegun,
      long durableIndex) {
    this.tail = tail;
    this.log = log;
    this.limits = limits;
    this.release = release;
    this.metrics = metrics;
    this.logBegun = logBegun;
    this.durableIndex = durableIndex;
    this.nextIndex = durableIndex + 1;
  }

  /** The last entry that is durable here and still in the log. */
  long durableIndex() {
    return durableIndex;
  }

  /** Whether the write in flight takes longer than its bound; it may still become durable. */
  boolean isStuck() {
    return ticksInFlight > limits.diskTicks();
  }

  void onTick() {
    if (!inFlight) {
      return;
    }
    boolean knownToBeStuck = isStuck();
    ticksInFlight++;
    if (isStuck() && !knownToBeStuck) {
      metrics.writeLate();
    }
  }

  /**
   * Writes a new cluster's first entries, all in one: a member that came back with some of them
   * would believe in a smaller cluster.
   */
  void bootstrap(HardState hardState) {
    List<Entry> entries = tail.slice(nextIndex, tail.lastIndex());
    nextIndex += entries.size();
    log.tell(new LogCommand.Persist(hardState, entries, List.of()));
    begun(entries);
  }

  /**
   * The term or the vote has changed. What was promised in an older term and not said yet stays
   * unsaid.
   */
  void hardStateChanged(HardState hardState) {
    newHardState = hardState;
    held.removeIf(
        promise ->
            promise.message().getTerm() < hardState.term()
                && promise.message().getType() != MessageType.MsgPreVoteResp);
  }

  /** Entries from here on were replaced in the log. */
  void truncatedFrom(long index) {
    nextIndex = Math.min(nextIndex, index);
    durableIndex = Math.min(durableIndex, index - 1);
    needNoMoreThan(index - 1);
  }

  /** What was held for entries behind this one waits no longer for them: they do not come. */
  private void needNoMoreThan(long index) {
    List<Held> kept = List.copyOf(held);
    held.clear();
    kept.forEach(each -> held.add(new Held(each.message(), Math.min(each.needs(), index))));
  }

  /** The log was replaced by a snapshot; the answer may be given once that is durable. */
  void install(LogPosition position, ConfState membership, Message answer) {
    install = new Install(position, membership, answer);
    nextIndex = position.index() + 1;
    durableIndex = 0;
    held.removeIf(promise -> promise.message().getType() == MessageType.MsgAppResp);
    needNoMoreThan(position.index());
  }

  /** Says this once everything up to now is durable. */
  void hold(Message message) {
    held.addLast(new Held(message, tail.lastIndex()));
  }

  /** Writes what has collected, unless a write is in flight already. */
  void start() {
    if (inFlight) {
      return;
    }
    if (install != null && newHardState == null) {
      Failpoint.RAFT_BEFORE_SAVE_SNAP.reached();
      List<Message> after = install.answer() == null ? List.of() : List.of(install.answer());
      log.tell(
          new LogCommand.InstallSnapshot(
              install.position().index(), install.position().term(), install.membership(), after));
      install = null;
      installing = true;
      begun(List.of());
      return;
    }
    if (install != null) {
      // The hard state must not be overtaken; everything else waits until the snapshot's position
      // is durable.
      log.tell(new LogCommand.Persist(newHardState, List.of(), List.of()));
      newHardState = null;
      begun(List.of());
      return;
    }
    List<Entry> entries = tail.slice(nextIndex, limits.maxBatchEntries(), limits.maxBatchBytes());
    if (newHardState == null && entries.isEmpty()) {
      takeHeld().forEach(release);
      return;
    }
    nextIndex += entries.size();
    Failpoint.RAFT_BEFORE_SAVE.reached();
    log.tell(new LogCommand.Persist(newHardState, entries, takeHeld()));
    newHardState = null;
    begun(entries);
  }

  private void begun(List<Entry> entries) {
    inFlight = true;
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.getSerializedSize();
    }
    metrics.writeBegun(bytes);
  }

  /** The write is durable. Its entries count only if the log still holds them. */
  void flushed(LogReply.Flushed flushed) {
    (installing ? Failpoint.RAFT_AFTER_SAVE_SNAP : Failpoint.RAFT_AFTER_SAVE).reached();
    installing = false;
    inFlight = false;
    ticksInFlight = 0;
    if (!somethingDurable) {
      somethingDurable = true;
      logBegun.run();
    }
    metrics.writeDurable();
    if (flushed.index() > 0 && tail.holds(flushed.term(), flushed.index())) {
      durableIndex = Math.max(durableIndex, flushed.index());
    }
  }

  private List<Message> takeHeld() {
    List<Message> messages = new ArrayList<>();
    while (!held.isEmpty() && held.peekFirst().needs() < nextIndex) {
      messages.add(held.removeFirst().message());
    }
    return messages;
  }
}
