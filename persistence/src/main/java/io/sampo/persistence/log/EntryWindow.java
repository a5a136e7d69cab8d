package io.sampo.persistence.log;

import io.sampo.protocol.raftpb.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Contiguous entries that grow at the end and shrink at both ends, each step at the cost of the
 * entries it touches. Of each entry it keeps the term and the size, 12 bytes; the entries
 * themselves only until {@link #releaseEntries}. Mutable; owned by one {@link JournaledLog}.
 */
final class EntryWindow {
  private static final int SMALLEST = 64;

  private long[] terms = new long[SMALLEST];
  private int[] sizes = new int[SMALLEST];

  /** Null once they were released. */
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

  /** The term of the entry at an index that is within the window. */
  long termAt(long index) {
    return terms[position(checked(index))];
  }

  /** The encoded size of the entry at an index that is within the window, in bytes. */
  int sizeAt(long index) {
    return sizes[position(checked(index))];
  }

  private long checked(long index) {
    if (index < firstIndex || index > lastIndex()) {
      throw new IndexOutOfBoundsException(
          "entry " + index + " is not in [" + firstIndex + ", " + lastIndex() + "]");
    }
    return index;
  }

  void append(Entry entry) {
    if (size == terms.length) {
      resize(terms.length * 2);
    }
    int slot = (head + size) & (terms.length - 1);
    terms[slot] = entry.getTerm();
    sizes[slot] = entry.getSerializedSize();
    if (slots != null) {
      slots[slot] = entry;
    }
    size++;
  }

  /** Forgets the entry at {@code index} and all after it. */
  void truncateFrom(long index) {
    while (size > 0 && lastIndex() >= index) {
      clear(position(lastIndex()));
      size--;
    }
  }

  /**
   * Forgets the entries up to and including {@code index}; the window then starts after it at the
   * earliest.
   */
  void dropThrough(long index) {
    while (size > 0 && firstIndex <= index) {
      clear(head);
      head = (head + 1) & (terms.length - 1);
      size--;
      firstIndex++;
    }
    if (terms.length > SMALLEST && size < terms.length / 8) {
      resize(Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, size)) * 2));
    }
  }

  /** Forgets everything and starts anew at {@code index}. */
  void restartAt(long index) {
    terms = new long[SMALLEST];
    sizes = new int[SMALLEST];
    slots = slots == null ? null : new Entry[SMALLEST];
    head = 0;
    size = 0;
    firstIndex = index;
  }

  private void clear(int slot) {
    if (slots != null) {
      slots[slot] = null;
    }
  }

  /** From now on only terms and sizes are kept, of what is here and of what comes. */
  void releaseEntries() {
    slots = null;
  }

  /** All entries; they must not have been released. */
  List<Entry> toList() {
    List<Entry> list = new ArrayList<>(size);
    for (long index = firstIndex; index <= lastIndex(); index++) {
      list.add(slots[position(index)]);
    }
    return list;
  }

  private int position(long index) {
    return (head + (int) (index - firstIndex)) & (terms.length - 1);
  }

  private void resize(int capacity) {
    long[] newTerms = new long[capacity];
    int[] newSizes = new int[capacity];
    Entry[] newSlots = slots == null ? null : new Entry[capacity];
    int untilEnd = Math.min(size, terms.length - head);
    unroll(terms, newTerms, untilEnd);
    unroll(sizes, newSizes, untilEnd);
    if (slots != null) {
      unroll(slots, newSlots, untilEnd);
    }
    terms = newTerms;
    sizes = newSizes;
    slots = newSlots;
    head = 0;
  }

  private void unroll(Object from, Object to, int untilEnd) {
    System.arraycopy(from, head, to, 0, untilEnd);
    System.arraycopy(from, 0, to, untilEnd, size - untilEnd);
  }
}
