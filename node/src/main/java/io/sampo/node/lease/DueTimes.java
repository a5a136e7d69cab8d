package io.sampo.node.lease;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.agrona.collections.LongArrayList;

/**
 * When which lease has to be looked at, in slots of a tenth of a second: eight bytes for a lease
 * and one timer for all of them.
 */
final class DueTimes {
  static final long SLOT_MILLIS = 100;

  private final TreeMap<Long, LongArrayList> slots = new TreeMap<>();

  /** Files the lease; gives the slot, which begins at the deadline or later, never before. */
  long add(long id, long deadlineMillis) {
    long slot = (deadlineMillis + SLOT_MILLIS - 1) / SLOT_MILLIS;
    slots.computeIfAbsent(slot, any -> new LongArrayList()).addLong(id);
    return slot;
  }

  /** Takes the leases of one slot that has begun; false if there is none. */
  boolean drainOne(long nowMillis, LongConsumer each) {
    Map.Entry<Long, LongArrayList> first = slots.firstEntry();
    if (first == null || first.getKey() * SLOT_MILLIS > nowMillis) {
      return false;
    }
    slots.remove(first.getKey());
    first.getValue().forEachLong(each);
    return true;
  }
}
