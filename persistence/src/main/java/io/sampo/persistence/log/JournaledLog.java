package io.sampo.persistence.log;

import io.sampo.persistence.log.LogEvent.BatchPersisted;
import io.sampo.persistence.log.LogEvent.PrefixCompacted;
import io.sampo.persistence.log.LogEvent.SnapshotInstalled;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.util.ArrayDeque;

/**
 * The fold of the events: the log as it is durable now. Mutable, because a million appends must not
 * copy a million entries; it belongs to one {@link LogActor}, and {@link #handOver()} is what
 * others see.
 *
 * <p>After old events were deleted, replay starts in the middle: until the {@link PrefixCompacted}
 * event that allowed the deletion is seen, the log is <em>unanchored</em>, entries are collected,
 * and what came before them is unknown.
 */
final class JournaledLog {
  /**
   * Where live entries are in the journal: event {@code number} holds those from {@code firstIndex}
   * to the next run's.
   */
  private record Run(long number, long firstIndex) {}

  private final ArrayDeque<Run> runs = new ArrayDeque<>();
  private final EntryWindow entries = new EntryWindow(1);
  private HardState hardState = HardState.INITIAL;
  private ConfState membership = ConfState.getDefaultInstance();
  private long prefixIndex;
  private long prefixTerm;
  private long snapshotIndex;
  private long firstEvent;
  private long lastEvent;
  private boolean anchored = true;

  /** The number of the event that was applied last, 0 before the first. */
  long lastEvent() {
    return lastEvent;
  }

  HardState hardState() {
    return hardState;
  }

  long prefixIndex() {
    return prefixIndex;
  }

  long snapshotIndex() {
    return snapshotIndex;
  }

  long lastIndex() {
    return entries.isEmpty() ? prefixIndex : entries.lastIndex();
  }

  long lastTerm() {
    return entries.isEmpty() ? prefixTerm : entries.termAt(entries.lastIndex());
  }

  /** The term of an entry between the prefix and the end. */
  long termAt(long index) {
    return index == prefixIndex ? prefixTerm : entries.termAt(index);
  }

  /** The encoded size of an entry after the prefix, in bytes. */
  int sizeAt(long index) {
    return entries.sizeAt(index);
  }

  /**
   * The earliest event that a log which starts after {@code prefix} still needs, if its next event
   * is {@code next}.
   */
  long firstNeededEvent(long prefix, long next) {
    long needed = next;
    for (Run run : runs) {
      if (run.firstIndex() > prefix + 1) {
        break;
      }
      needed = run.number();
    }
    return prefix >= lastIndex() ? next : needed;
  }

  /**
   * False while the start of the log is unknown, which after the last event means that events are
   * missing.
   */
  boolean isAnchored() {
    return anchored;
  }

  /** The log as it is now; it must not have been handed over before. */
  LogState snapshot() {
    return new LogState(
        hardState, prefixIndex, prefixTerm, snapshotIndex, membership, entries.toList());
  }

  /**
   * Gives the log away once: whoever gets it keeps the entries, of which only the terms and sizes
   * stay here.
   */
  LogState handOver() {
    LogState state = snapshot();
    entries.releaseEntries();
    return state;
  }

  /**
   * Applies the next event.
   *
   * @throws JournalDamagedException if it cannot follow what was applied before
   */
  void apply(LogEvent event) {
    if (lastEvent == 0) {
      firstEvent = event.number();
      anchored = firstEvent == 1;
    } else if (event.number() != lastEvent + 1) {
      throw new JournalDamagedException("event " + event.number() + " follows event " + lastEvent);
    }
    if (event instanceof BatchPersisted batch) {
      onBatch(batch);
    } else if (event instanceof PrefixCompacted compacted) {
      onPrefixCompacted(compacted);
    } else if (event instanceof SnapshotInstalled installed) {
      onSnapshotInstalled(installed);
    }
    lastEvent = event.number();
  }

  /**
   * Whether a batch may come next; the actor asks before it persists, and every application asks
   * again.
   *
   * @throws JournalDamagedException if it would leave a gap, touch the dropped prefix or let a term
   *     go back
   */
  void checkBatch(BatchPersisted batch) {
    long number = batch.number();
    if (batch.hardState() != null) {
      check(number, batch.hardState().term() >= hardState.term(), "the term goes back");
    }
    if (batch.entries().isEmpty()) {
      return;
    }
    long index = batch.entries().get(0).getIndex();
    boolean startsAnew = startsAnew(index);
    check(number, startsAnew || index > prefixIndex, "entry " + index + " was dropped already");
    check(
        number, startsAnew || index <= lastIndex() + 1, "entries before " + index + " are missing");
    long term = startsAnew || index == entries.firstIndex() ? prefixTerm : termAt(index - 1);
    for (Entry entry : batch.entries()) {
      // No message is made up for the millions of entries that are right.
      if (entry.getIndex() != index || entry.getTerm() < term) {
        check(number, entry.getIndex() == index, entry.getIndex() + " is at index " + index);
        check(number, false, "the term goes back at entry " + index);
      }
      term = entry.getTerm();
      index++;
    }
  }

  private void onBatch(BatchPersisted batch) {
    checkBatch(batch);
    if (batch.hardState() != null) {
      hardState = batch.hardState();
    }
    if (batch.entries().isEmpty()) {
      return;
    }
    long first = batch.entries().get(0).getIndex();
    if (startsAnew(first)) {
      entries.restartAt(first);
      runs.clear();
    }
    entries.truncateFrom(first);
    while (!runs.isEmpty() && runs.peekLast().firstIndex() >= first) {
      runs.removeLast();
    }
    batch.entries().forEach(entries::append);
    runs.addLast(new Run(batch.number(), first));
  }

  private boolean startsAnew(long first) {
    return !anchored && (entries.isEmpty() || first < entries.firstIndex());
  }

  private void onPrefixCompacted(PrefixCompacted event) {
    if (!anchored) {
      if (event.firstNeededEvent() < firstEvent) {
        return; // It was written when more of the journal was there; a later one speaks for what is
        // left.
      }
      anchor(event);
    }
    check(event.number(), event.lastIndex() == lastIndex(), "the log ends at " + lastIndex());
    check(event.number(), event.lastTerm() == lastTermOr(event), "the last term is another");
    check(event.number(), event.hardState().equals(hardState), "the hard state is another");
    entries.dropThrough(event.prefixIndex());
    if (entries.isEmpty()) {
      entries.restartAt(event.prefixIndex() + 1);
    }
    prefixIndex = event.prefixIndex();
    prefixTerm = event.prefixTerm();
    snapshotIndex = event.snapshotIndex();
    membership = event.membership();
    forgetRunsThrough(prefixIndex);
  }

  private void anchor(PrefixCompacted event) {
    check(
        event.number(),
        entries.isEmpty()
            ? event.lastIndex() == event.prefixIndex()
            : entries.firstIndex() <= event.prefixIndex() + 1,
        "entries after index " + event.prefixIndex() + " are missing");
    anchored = true;
    hardState = event.hardState();
    prefixIndex = entries.isEmpty() ? event.prefixIndex() : entries.firstIndex() - 1;
  }

  private long lastTermOr(PrefixCompacted event) {
    return entries.isEmpty() ? event.prefixTerm() : lastTerm();
  }

  private void onSnapshotInstalled(SnapshotInstalled event) {
    anchored = true;
    hardState = event.hardState();
    prefixIndex = event.index();
    prefixTerm = event.term();
    snapshotIndex = event.index();
    membership = event.membership();
    entries.restartAt(prefixIndex + 1);
    runs.clear();
  }

  /** Keeps the last run that starts at or before the first live entry, for that entry is in it. */
  private void forgetRunsThrough(long index) {
    if (index >= lastIndex()) {
      runs.clear();
      return;
    }
    while (runs.size() > 1) {
      Run first = runs.removeFirst();
      if (runs.peekFirst().firstIndex() > index + 1) {
        runs.addFirst(first);
        return;
      }
    }
  }

  private static void check(long number, boolean holds, String finding) {
    if (!holds) {
      throw new JournalDamagedException("at event " + number + " " + finding);
    }
  }
}
