package io.sampo.persistence.log;

import io.sampo.protocol.raftpb.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Contiguous entries that grow at the end and shrink at both ends, each step at the cost of the
 * entries it touches. Mutable; owned by one {@link JournaledLog}.
 */
final class EntryWindow {
  private static final int SMALLEST = 64;

  private Entry[] slots = new Entry[SMALLEST];
  private int head;
  private int size;
  private long firstIndex;

  EntryWindow(long firstIndex) {
    this.firstIndex = firstIndex;
  }

  long firstIndex() {
    return firstIndex;
  }

  long lastIndex() {
    return firstIndex + size - 1;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The entry at an index that is within the window. */
  Entry get(long index) {
    if (index < firstIndex || index > lastIndex()) {
      throw new IndexOutOfBoundsException(
          "entry " + index + " is not in [" + firstIndex + ", " + lastIndex() + "]");
    }
    return slots[position(index)];
  }

  void append(Entry entry) {
    if (size == slots.length) {
      resize(slots.length * 2);
    }
    slots[(head + size) & (slots.length - 1)] = entry;
    size++;
  }

  /** Forgets the entry at {@code index} and all after it. */
  void truncateFrom(long index) {
    while (size > 0 && lastIndex() >= index) {
      slots[position(lastIndex())] = null;
      size--;
    }
  }

  /**
   * Forgets the entries up to and including {@code index}; the window then starts after it at the
   * earliest.
   */
  void dropThrough(long index) {
    while (size > 0 && firstIndex <= index) {
      slots[head] = null;
      head = (head + 1) & (slots.length - 1);
      size--;
      firstIndex++;
    }
    if (slots.length > SMALLEST && size < slots.length / 8) {
      resize(Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, size)) * 2));
    }
  }

  /** Forgets everything and starts anew at {@code index}. */
  void restartAt(long index) {
    slots = new Entry[SMALLEST];
    head = 0;
    size = 0;
    firstIndex = index;
  }

  List<Entry> toList() {
    List<Entry> list = new ArrayList<>(size);
    for (long index = firstIndex; index <= lastIndex(); index++) {
      list.add(slots[position(index)]);
    }
    return list;
  }

  private int position(long index) {
    return (head + (int) (index - firstIndex)) & (slots.length - 1);
  }

  private void resize(int capacity) {
    Entry[] next = new Entry[capacity];
    int untilEnd = Math.min(size, slots.length - head);
    System.arraycopy(slots, head, next, 0, untilEnd);
    System.arraycopy(slots, 0, next, untilEnd, size - untilEnd);
    Arrays.fill(slots, null);
    slots = next;
    head = 0;
  }
}
