package io.sampo.node.raft;

import io.sampo.protocol.raftpb.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Proposals that wait for somebody to take them, oldest first: nobody leads, the leader is handing
 * over, or they travel to it together with those that come in the same moment. As none of them was
 * ever in a log or on its way to a leader, whoever leads next may have them. Bounded in number,
 * bytes and age: after the request time nobody waits for them.
 */
final class HeldProposals {
  private record Held(Entry entry, long sinceTick) {}

  private final Deque<Held> held = new ArrayDeque<>();
  private final RaftLimits limits;
  private final RaftMetrics metrics;
  private long bytes;
  private long tick;

  HeldProposals(RaftLimits limits, RaftMetrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  /** Keeps an entry of which only type and data count, or drops it if there is no space. */
  void add(Entry entry) {
    int size = entry.getData().size();
    boolean full =
        held.size() >= limits.maxHeldEntries() || bytes + size > limits.maxUncommittedBytes();
    if (full) {
      metrics.proposalsDroppedWithoutLeader.increment();
      return;
    }
    bytes += size;
    held.addLast(new Held(entry, tick));
  }

  void onTick() {
    tick++;
    while (!held.isEmpty() && tick - held.peekFirst().sinceTick() >= limits.requestTicks()) {
      bytes -= held.removeFirst().entry().getData().size();
      metrics.proposalsDroppedWithoutLeader.increment();
    }
  }

  /** Whether what waits is enough for a message. */
  boolean fillsMessage() {
    return bytes >= limits.maxMessageBytes() || held.size() >= limits.maxBatchEntries();
  }

  /** The oldest of what waits, as much as belongs into one message; empty if nothing waits. */
  List<Entry> takeMessage() {
    List<Entry> message = new ArrayList<>();
    long bytesLeft = limits.maxMessageBytes();
    while (!held.isEmpty() && bytesLeft > 0 && message.size() < limits.maxBatchEntries()) {
      Entry entry = held.removeFirst().entry();
      message.add(entry);
      bytes -= entry.getData().size();
      bytesLeft -= entry.getData().size();
    }
    return message;
  }

  /** Everything that waits; nothing waits any more. */
  List<Entry> takeAll() {
    List<Entry> all = new ArrayList<>(held.size());
    held.forEach(each -> all.add(each.entry()));
    held.clear();
    bytes = 0;
    return all;
  }
}
