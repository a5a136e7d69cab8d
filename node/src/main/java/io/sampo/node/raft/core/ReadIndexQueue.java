package io.sampo.node.raft.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The linearizable reads that a leader has not confirmed yet (Raft thesis 6.4). Reads are counted;
 * a heartbeat carries the number of the newest one as its context (8 bytes, little endian, as etcd
 * 3.7 does), and a majority that echoes a number confirms every read up to it.
 *
 * @param <T> who asked
 */
public final class ReadIndexQueue<T> {

  /** A read that may be answered once {@code index} is applied. */
  public record Confirmed<T>(T request, long index) {}

  private final int capacity;
  private final Deque<Confirmed<T>> waiting = new ArrayDeque<>();
  private final Map<Long, Long> acknowledged = new HashMap<>();
  private long confirmed;

  public ReadIndexQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Returns false if too many reads wait already. */
  public boolean add(T request, long commit) {
    if (waiting.size() >= capacity) {
      return false;
    }
    waiting.addLast(new Confirmed<>(request, commit));
    return true;
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** What the next heartbeat must carry; empty when no read waits. */
  public byte[] heartbeatContext() {
    if (waiting.isEmpty()) {
      return new byte[0];
    }
    return ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(confirmed + waiting.size())
        .array();
  }

  /** Takes an echoed context and returns the reads it confirms, oldest first. */
  public List<Confirmed<T>> acknowledge(long member, byte[] context, long self, Quorum quorum) {
    if (context.length != Long.BYTES) {
      return List.of();
    }
    long number = ByteBuffer.wrap(context).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long newest = confirmed + waiting.size();
    acknowledged.merge(member, Math.min(number, newest), Math::max);
    long reached = quorum.reached(id -> id == self ? newest : acknowledged.getOrDefault(id, 0L));
    List<Confirmed<T>> result = new ArrayList<>();
    while (confirmed < reached) {
      result.add(waiting.removeFirst());
      confirmed++;
    }
    return result;
  }

  /** Takes everybody out, for instance because leadership was lost. */
  public List<T> drain() {
    List<T> all = waiting.stream().map(Confirmed::request).toList();
    confirmed += waiting.size();
    waiting.clear();
    return all;
  }
}
