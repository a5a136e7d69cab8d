package io.sampo.node.raft.core;

import io.sampo.protocol.raftpb.Entry;
import java.util.List;

/** Bounds what a leader has appended and not committed: by count and by bytes of payload. */
public final class ProposalBudget {
  private final long maxEntries;
  private final long maxBytes;
  private long entries;
  private long bytes;

  public ProposalBudget(long maxEntries, long maxBytes) {
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes space for one entry; false if there is none. An entry without payload, or the only one,
   * is never refused.
   */
  public boolean take(int payloadBytes) {
    boolean full = entries + 1 > maxEntries || bytes + payloadBytes > maxBytes;
    if (full && entries > 0 && payloadBytes > 0) {
      return false;
    }
    entries++;
    bytes += payloadBytes;
    return true;
  }

  /**
   * Gives back the space of entries that are committed now; ones from before this leader's time
   * took none.
   */
  public void release(List<Entry> committed) {
    for (Entry entry : committed) {
      entries = Math.max(0, entries - 1);
      bytes = Math.max(0, bytes - entry.getData().size());
    }
  }
}
