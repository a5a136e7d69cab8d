package io.sampo.node.lease;

import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongArrayList;

/** The expired leases: those to be proposed, in the order of expiry, and those proposed. */
final class Revokes {
  private static final long NOT_PROPOSED = -1;

  private LongArrayList waiting = new LongArrayList();
  private int next;

  /** From id to the time of its proposal. */
  private final Long2LongHashMap inFlight = new Long2LongHashMap(NOT_PROPOSED);

  void add(long id) {
    waiting.addLong(id);
  }

  boolean hasWaiting() {
    return next < waiting.size();
  }

  int inFlight() {
    return inFlight.size();
  }

  /** Takes the next one to propose and notes when. */
  long propose(long nowMillis) {
    long id = waiting.getLong(next++);
    if (next == waiting.size()) {
      waiting = new LongArrayList();
      next = 0;
    }
    inFlight.put(id, nowMillis);
    return id;
  }

  /** The lease is gone; true if that is because it had expired. */
  boolean settle(long id) {
    return inFlight.remove(id) != NOT_PROPOSED;
  }

  /** Those proposed before a time wait again: the proposal was lost. */
  void retryOlderThan(long proposedMillis) {
    if (inFlight.isEmpty()) {
      return;
    }
    LongArrayList lost = new LongArrayList();
    inFlight.forEachLong(
        (id, at) -> {
          if (at < proposedMillis) {
            lost.addLong(id);
          }
        });
    lost.forEachLong(
        id -> {
          inFlight.remove(id);
          waiting.addLong(id);
        });
  }
}
