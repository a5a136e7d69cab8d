package io.sampo.persistence.log;

import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.util.List;

/**
 * What the journal keeps. Every event carries its own number, 1 for the first ever and one more for
 * each next, so that a journal that lost some in the middle cannot be mistaken for a whole one.
 */
sealed interface LogEvent {
  long number();

  /**
   * One batch: a hard state (null: unchanged), entries that overwrite from the first one's index
   * on, or both.
   */
  record BatchPersisted(long number, HardState hardState, List<Entry> entries)
      implements LogEvent {}

  /**
   * Entries up to {@code prefixIndex} are dropped. Repeats everything that earlier events said and
   * later ones need, so that all events before {@code firstNeededEvent} (the one that holds entry
   * {@code prefixIndex + 1}, or this one) may go.
   */
  record PrefixCompacted(
      long number,
      long firstNeededEvent,
      HardState hardState,
      long prefixIndex,
      long prefixTerm,
      long snapshotIndex,
      ConfState membership,
      long lastIndex,
      long lastTerm)
      implements LogEvent {}

  /** A leader's snapshot took the place of the whole log; no earlier event is needed any more. */
  record SnapshotInstalled(
      long number, HardState hardState, long index, long term, ConfState membership)
      implements LogEvent {}
}
