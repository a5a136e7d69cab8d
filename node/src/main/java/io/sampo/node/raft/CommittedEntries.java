package io.sampo.node.raft;

import io.sampo.protocol.raftpb.Entry;
import java.util.List;

/**
 * Entries for the state machine: committed and durable here, contiguous with what was told before.
 * After a snapshot was installed, entries that it contains may still come; the state machine skips
 * them.
 *
 * @param entries never empty; must not be changed
 * @param recoveredTo the last entry that the log held when this member started: what is up to there
 *     may have been applied before
 */
public record CommittedEntries(List<Entry> entries, long recoveredTo) {

  /** Of a log that held nothing at the start. */
  public CommittedEntries(List<Entry> entries) {
    this(entries, 0);
  }
}
