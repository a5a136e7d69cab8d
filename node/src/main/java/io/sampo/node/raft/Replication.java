package io.sampo.node.raft;

import com.google.protobuf.ByteString;
import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.Progress;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.protocol.raftpb.Snapshot;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a leader feeds the other members, each at its own pace (etcd-io/raft's tracker). */
final class Replication {
  private final RaftContext context;
  private final SortedMap<Long, Progress> others = new TreeMap<>();

  Replication(RaftContext context) {
    this.context = context;
    onMembership();
    others.values().forEach(Progress::forgetActivity);
  }

  /** Begins to feed new members and forgets removed ones. */
  void onMembership() {
    others.keySet().removeIf(id -> !context.membership().contains(id));
    context
        .membership()
        .all()
        .filter(id -> id != context.id() && !others.containsKey(id))
        .forEach(this::begin);
  }

  private void begin(long id) {
    Progress progress =
        new Progress(context.tail.lastIndex() + 1, context.settings.limits().maxInflightMessages());
    // A member that is new must not cost the leader its quorum before it could say anything.
    progress.heardFrom();
    others.put(id, progress);
  }

  /** Null for ourselves and for strangers. */
  Progress progressOf(long id) {
    return others.get(id);
  }

  /**
   * How far a member's log is durable and equal to ours. Our own counts only what is durable, too.
   */
  long matchOf(long id) {
    if (id == context.id()) {
      return context.writes.durableIndex();
    }
    Progress progress = others.get(id);
    return progress == null ? 0 : progress.match();
  }

  /**
   * The first of these voters that has all that is committed, else the one that lacks least; 0 if
   * none of them votes.
   */
  long mostUpToDate(List<Long> candidates) {
    long best = 0;
    for (long id : candidates) {
      if (!context.membership().isVoter(id) || id == context.id()) {
        continue;
      }
      if (matchOf(id) >= context.feed.commit()) {
        return id;
      }
      best = best == 0 || matchOf(id) > matchOf(best) ? id : best;
    }
    return best;
  }

  /** Who could lead soonest: fed without pause, heard lately if possible. 0 if nobody. */
  long successor() {
    List<Long> fed =
        others.entrySet().stream()
            .filter(other -> other.getValue().state() == Progress.State.REPLICATE)
            .sorted(Comparator.comparing(other -> !other.getValue().recentlyActive()))
            .map(Map.Entry::getKey)
            .toList();
    return mostUpToDate(fed);
  }

  /** Whether a majority was heard since the last time this was asked (check-quorum). */
  boolean quorumIsActive() {
    boolean active =
        context
            .membership()
            .quorum()
            .reachedBy(id -> id == context.id() || others.get(id).recentlyActive());
    others.values().forEach(Progress::forgetActivity);
    return active;
  }

  // ---- sending ----

  void broadcastHeartbeats(ByteString readContext) {
    if (!others.isEmpty()) {
      // Etcd's loop writes, if only nothing, before it sends.
      Failpoint.RAFT_BEFORE_SAVE.reached();
    }
    others.forEach(
        (id, progress) -> {
          // A member must not commit what is not known to match.
          long commit = Math.min(progress.match(), context.feed.commit());
          context.send(
              context
                  .message(MessageType.MsgHeartbeat, id)
                  .setCommit(commit)
                  .setContext(readContext));
          progress.sentHeartbeat(commit);
        });
  }

  void broadcastAppends(boolean evenIfEmpty) {
    for (long id : others.keySet()) {
      sendAppend(id, evenIfEmpty);
    }
  }

  void sendAllAppends(long to) {
    boolean sent = true;
    while (sent) {
      sent = sendAppend(to, false);
    }
  }

  /**
   * Sends the next entries, or a snapshot if they are compacted. Returns whether anything was sent.
   */
  boolean sendAppend(long to, boolean evenIfEmpty) {
    Progress progress = others.get(to);
    if (progress == null || progress.isPaused()) {
      // In a full window even this is false; a heartbeat's answer lets an empty append through.
      return false;
    }
    long previous = progress.next() - 1;
    if (!context.tail.knows(previous)) {
      return sendSnapshot(to, progress);
    }
    List<Entry> entries =
        progress.windowIsFull()
            ? List.of()
            : context.tail.slice(
                progress.next(), Integer.MAX_VALUE, context.settings.limits().maxMessageBytes());
    if (entries.isEmpty() && !evenIfEmpty) {
      return false;
    }
    context.send(
        context
            .message(MessageType.MsgApp, to)
            .setIndex(previous)
            .setLogTerm(context.tail.termAt(previous))
            .addAllEntries(entries)
            .setCommit(context.feed.commit()));
    progress.sentAppend(entries.size(), context.feed.commit());
    return true;
  }

  private boolean sendSnapshot(long to, Progress progress) {
    if (!progress.recentlyActive()) {
      return false;
    }
    LogPosition applied =
        new LogPosition(context.tail.termAt(context.feed.applied()), context.feed.applied());
    SnapshotMetadata.Builder metadata =
        SnapshotMetadata.newBuilder()
            .setConfState(context.membership().toConfState())
            .setIndex(applied.index())
            .setTerm(applied.term());
    context.logger().info("sends {} a snapshot of entry {}", Long.toHexString(to), applied.index());
    progress.becomeSnapshot(applied.index());
    context.send(
        context
            .message(MessageType.MsgSnap, to)
            .setSnapshot(Snapshot.newBuilder().setMetadata(metadata)));
    return true;
  }

  // ---- what comes back ----

  void onRejection(Progress progress, Message answer) {
    long hint = answer.getRejectHint();
    if (answer.getLogTerm() > 0) {
      // Everything after our last entry of that term or an older one cannot match either.
      hint = context.tail.lastPositionWithTermAtMost(hint, answer.getLogTerm()).index();
    }
    if (progress.rejected(answer.getIndex(), hint)) {
      if (progress.state() == Progress.State.REPLICATE) {
        progress.becomeProbe();
      }
      sendAppend(answer.getFrom(), true);
    }
  }

  /** Returns whether the answer was news. */
  boolean onMatch(Progress progress, Message answer) {
    boolean probed =
        progress.state() == Progress.State.PROBE && progress.match() == answer.getIndex();
    if (!progress.matched(answer.getIndex()) && !probed) {
      return false;
    }
    boolean backFromSnapshot =
        progress.state() == Progress.State.SNAPSHOT
            && progress.caughtUpWith(context.tail.firstIndex());
    if (progress.state() == Progress.State.PROBE || backFromSnapshot) {
      progress.becomeReplicate();
    }
    return true;
  }

  void onAlive(long id, Progress progress) {
    progress.resume();
    if (progress.match() < context.tail.lastIndex() || progress.state() == Progress.State.PROBE) {
      sendAppend(id, true);
    }
  }

  void onUnreachable(long id) {
    Progress progress = others.get(id);
    if (progress != null && progress.state() == Progress.State.REPLICATE) {
      progress.becomeProbe();
    }
  }

  void onSnapshotSent(RaftCommand.SnapshotSent sent) {
    Progress progress = others.get(sent.peer());
    if (progress != null && progress.state() == Progress.State.SNAPSHOT) {
      progress.snapshotReported(sent.delivered());
    }
  }
}
