package io.sampo.node.apply;

/**
 * When a snapshot of the state is due: once the log since the last one outweighs the state, so that
 * what is written for snapshots stays below what was written to the log, and not before {@code
 * --snapshot-count} entries, so that a small state is not written all the time. Not thread-safe.
 */
final class SnapshotPolicy {
  /** What an entry weighs beside its data: replaying it costs about as much as reading that. */
  private static final long ENTRY_BYTES = 256;

  private final long snapshotCount;
  private long entries;
  private long bytes;
  private boolean saving;

  SnapshotPolicy(long snapshotCount) {
    this.snapshotCount = snapshotCount;
  }

  void applied(long dataBytes) {
    entries++;
    bytes += ENTRY_BYTES + dataBytes;
  }

  boolean isDue(long stateBytes) {
    return !saving && entries >= snapshotCount && bytes >= stateBytes;
  }

  /** A snapshot of all that was applied so far is being saved. */
  void begun() {
    saving = true;
    entries = 0;
    bytes = 0;
  }

  /** It is durable, or has failed: the next one is due by what came since. */
  void ended() {
    saving = false;
  }
}
