package io.sampo.node.raft.core;

import io.sampo.protocol.raftpb.Entry;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * The entries a member holds in memory: everything after the compacted prefix. Appending costs
 * amortised O(1), reading a term O(1), and a slice shares the array, so it costs nothing and stays
 * as it was: slots that a slice may show are never written again, truncation and compaction move to
 * a new array.
 */
public final class LogTail {
  private static final int INITIAL_CAPACITY = 1024;

  private LogPosition prefix;
  private Entry[] entries;
  private int size;

  /**
   * @param prefix the last entry that is not held, {@link LogPosition#ZERO} when the log begins at
   *     index 1
   * @param recovered contiguous from the prefix
   */
  public LogTail(LogPosition prefix, List<Entry> recovered) {
    this.prefix = prefix;
    this.entries = new Entry[Math.max(INITIAL_CAPACITY, recovered.size() * 2)];
    for (Entry entry : recovered) {
      append(entry);
    }
  }

  public LogPosition prefix() {
    return prefix;
  }

  /** The first index that is held, or would be if the log is empty. */
  public long firstIndex() {
    return prefix.index() + 1;
  }

  public long lastIndex() {
    return prefix.index() + size;
  }

  public long lastTerm() {
    return size == 0 ? prefix.term() : entries[size - 1].getTerm();
  }

  public LogPosition last() {
    return new LogPosition(lastTerm(), lastIndex());
  }

  /**
   * Whether the term at this index is known here: the prefix's last entry counts, the ones before
   * do not.
   */
  public boolean knows(long index) {
    return index >= prefix.index() && index <= lastIndex();
  }

  /** The term of the entry at an index, or 0 if it is compacted or beyond the end. */
  public long termAt(long index) {
    if (index == prefix.index()) {
      return prefix.term();
    }
    return knows(index) ? entries[slot(index)].getTerm() : 0;
  }

  /**
   * Whether the log holds exactly this entry. The position before the first entry is in every log.
   */
  public boolean holds(long term, long index) {
    return knows(index) && termAt(index) == term;
  }

  public Entry entryAt(long index) {
    Invariants.check(
        index > prefix.index() && index <= lastIndex(), "no entry %d, last %d", index, lastIndex());
    return entries[slot(index)];
  }

  /** Adds the entry after the last one; its index must be the next and its term not lower. */
  public void append(Entry entry) {
    Invariants.check(
        entry.getIndex() == lastIndex() + 1, "entry %d after %d", entry.getIndex(), lastIndex());
    Invariants.check(
        entry.getTerm() >= lastTerm(), "term %d after %d", entry.getTerm(), lastTerm());
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
    }
    entries[size++] = entry;
  }

  /** Forgets the entry at this index and all after it. */
  public void truncateFrom(long index) {
    Invariants.check(index > prefix.index(), "truncate from %d, prefix %d", index, prefix.index());
    if (index > lastIndex()) {
      return;
    }
    moveTo(0, (int) (index - firstIndex()));
  }

  /**
   * Drops the entries up to and including this index, which must be held; an older index changes
   * nothing.
   */
  public void compactTo(long index) {
    if (index <= prefix.index()) {
      return;
    }
    Invariants.check(index <= lastIndex(), "compact to %d, last %d", index, lastIndex());
    LogPosition newPrefix = new LogPosition(termAt(index), index);
    int dropped = (int) (index - prefix.index());
    moveTo(dropped, size - dropped);
    prefix = newPrefix;
  }

  /** Starts anew after a snapshot that replaces everything. */
  public void reset(LogPosition snapshot) {
    moveTo(0, 0);
    prefix = snapshot;
  }

  /**
   * The entries from one index to another, both included; empty if the range is. Shares memory with
   * the log.
   */
  public List<Entry> slice(long from, long to) {
    if (from > to) {
      return List.of();
    }
    Invariants.check(from >= firstIndex() && to <= lastIndex(), "slice from %d to %d", from, to);
    return new Slice(entries, slot(from), (int) (to - from + 1));
  }

  /**
   * As many entries from an index on as fit, at least one if there is any.
   *
   * @param maxBytes bound of the encoded entries together
   */
  public List<Entry> slice(long from, int maxEntries, long maxBytes) {
    long bytes = 0;
    long to = from - 1;
    long end = Math.min(lastIndex(), from + maxEntries - 1);
    while (to < end) {
      bytes += entryAt(to + 1).getSerializedSize();
      if (bytes > maxBytes && to >= from) {
        break;
      }
      to++;
    }
    return slice(from, to);
  }

  /**
   * The first of these entries that the log does not hold as given, or 0 if it holds all of them.
   *
   * @param candidates contiguous, starting at most one after the last index
   */
  public long firstConflict(List<Entry> candidates) {
    for (Entry candidate : candidates) {
      if (!holds(candidate.getTerm(), candidate.getIndex())) {
        return candidate.getIndex();
      }
    }
    return 0;
  }

  /**
   * The largest position at or before {@code index} whose term is at most {@code term}: where two
   * logs can match at best (etcd-io/raft's findConflictByTerm). Term 0 where the log is compacted:
   * then a match is possible but not known.
   */
  public LogPosition lastPositionWithTermAtMost(long index, long term) {
    for (long at = index; at > 0; at--) {
      if (!knows(at)) {
        return new LogPosition(0, at);
      }
      long here = termAt(at);
      if (here <= term) {
        return new LogPosition(here, at);
      }
    }
    return LogPosition.ZERO;
  }

  private int slot(long index) {
    return (int) (index - prefix.index() - 1);
  }

  private void moveTo(int start, int count) {
    Entry[] moved = new Entry[Math.max(INITIAL_CAPACITY, count + count / 2)];
    System.arraycopy(entries, start, moved, 0, count);
    entries = moved;
    size = count;
  }

  private static final class Slice extends AbstractList<Entry> implements RandomAccess {
    private final Entry[] entries;
    private final int start;
    private final int count;

    Slice(Entry[] entries, int start, int count) {
      this.entries = entries;
      this.start = start;
      this.count = count;
    }

    @Override
    public Entry get(int position) {
      return entries[start + java.util.Objects.checkIndex(position, count)];
    }

    @Override
    public int size() {
      return count;
    }

    @Override
    public Object[] toArray() {
      return Arrays.copyOfRange(entries, start, start + count, Object[].class);
    }
  }
}
