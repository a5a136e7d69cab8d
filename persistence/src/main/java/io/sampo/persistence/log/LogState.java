package io.sampo.persistence.log;

import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.util.List;

/**
 * The durable log at one moment; immutable.
 *
 * @param hardState the latest term and vote
 * @param prefixIndex the entry before the first one that is still here, 0 if none was dropped yet
 * @param prefixTerm the term of that entry
 * @param snapshotIndex the newest durable snapshot of the state that the log was told of; entries
 *     in {@code (prefixIndex, snapshotIndex]} are in it already and only serve slow followers
 * @param membership the membership as of {@code snapshotIndex}
 * @param entries contiguous from {@code prefixIndex + 1}
 */
public record LogState(
    HardState hardState,
    long prefixIndex,
    long prefixTerm,
    long snapshotIndex,
    ConfState membership,
    List<Entry> entries) {

  public LogState {
    entries = List.copyOf(entries);
  }

  /** A log whose dropped prefix ends exactly at its snapshot. */
  public LogState(
      HardState hardState,
      long prefixIndex,
      long prefixTerm,
      ConfState membership,
      List<Entry> entries) {
    this(hardState, prefixIndex, prefixTerm, prefixIndex, membership, entries);
  }

  /** The log of a member that has never written. */
  public static LogState empty() {
    return new LogState(HardState.INITIAL, 0, 0, ConfState.getDefaultInstance(), List.of());
  }

  public long lastIndex() {
    return prefixIndex + entries.size();
  }

  public long lastTerm() {
    return entries.isEmpty() ? prefixTerm : entries.get(entries.size() - 1).getTerm();
  }
}
