package io.sampo.node.raft.core;

/**
 * What a leader knows about one member's log. {@code match} is durable there; {@code next} is what
 * to send next, and {@code match < next} always.
 *
 * <p>Probe: one append at a time, until the logs are found to match. Replicate: a window of
 * appends, sent ahead of the answers. Snapshot: the log no longer reaches back far enough, nothing
 * is sent until the snapshot has arrived.
 */
public final class Progress {

  /** The three ways to feed a follower. */
  public enum State {
    PROBE,
    REPLICATE,
    SNAPSHOT
  }

  private final Inflights inflights;
  private State state = State.PROBE;
  private long match;
  private long next;
  private long sentCommit;
  private long pendingSnapshot;
  private boolean recentlyActive;
  private boolean paused;

  public Progress(long next, int window) {
    this.next = next;
    this.inflights = new Inflights(window);
  }

  public State state() {
    return state;
  }

  public long match() {
    return match;
  }

  public long next() {
    return next;
  }

  public boolean recentlyActive() {
    return recentlyActive;
  }

  public boolean windowIsFull() {
    return state == State.REPLICATE && inflights.isFull();
  }

  /** Whether nothing may be sent now. */
  public boolean isPaused() {
    return state == State.SNAPSHOT || paused;
  }

  public void heardFrom() {
    recentlyActive = true;
  }

  /** Starts a new check-quorum period. */
  public void forgetActivity() {
    recentlyActive = false;
  }

  /** A heartbeat was answered: a probe, or an empty append in a full window, may be tried again. */
  public void resume() {
    paused = false;
  }

  public void becomeProbe() {
    // A snapshot that arrived moves the member on even if its answer was lost.
    long from = state == State.SNAPSHOT ? Math.max(match, pendingSnapshot) : match;
    enter(State.PROBE);
    next = from + 1;
    sentCommit = Math.min(sentCommit, from);
  }

  public void becomeReplicate() {
    enter(State.REPLICATE);
    next = match + 1;
  }

  public void becomeSnapshot(long index) {
    enter(State.SNAPSHOT);
    pendingSnapshot = index;
    next = index + 1;
    sentCommit = index;
  }

  /** The snapshot was sent, or not: either way probe, but only when the member is heard next. */
  public void snapshotReported(boolean delivered) {
    if (!delivered) {
      pendingSnapshot = 0;
    }
    becomeProbe();
    paused = true;
  }

  /**
   * Whether the snapshot, or anything as new, has arrived, so that the log reaches back far enough.
   */
  public boolean caughtUpWith(long firstIndex) {
    return match + 1 >= firstIndex;
  }

  public void sentAppend(int entries, long commit) {
    Invariants.check(state != State.SNAPSHOT, "an append was sent while a snapshot is pending");
    if (entries > 0 && state == State.REPLICATE) {
      next += entries;
      inflights.add(next - 1);
    }
    paused = state == State.REPLICATE ? inflights.isFull() : entries > 0 || paused;
    sentCommit = commit;
  }

  public void sentHeartbeat(long commit) {
    sentCommit = commit;
  }

  /** Whether an empty append would tell the member a newer commit index that it can use. */
  public boolean canRaiseCommit(long commit) {
    return commit > sentCommit && sentCommit < next - 1;
  }

  /** The member holds the log up to here. Returns whether that is news. */
  public boolean matched(long index) {
    inflights.freeUpTo(index);
    if (index <= match) {
      return false;
    }
    match = index;
    next = Math.max(next, index + 1);
    paused = false;
    return true;
  }

  /**
   * The member refused an append after {@code rejected}. Returns false if that answer is stale:
   * while replicating, anything at or below the match; while probing, anything but the last probe.
   */
  public boolean rejected(long rejected, long hint) {
    if (state == State.REPLICATE) {
      if (rejected <= match) {
        return false;
      }
      next = match + 1;
    } else {
      if (rejected != next - 1) {
        return false;
      }
      next = Math.max(Math.min(rejected, hint + 1), match + 1);
      paused = false;
    }
    sentCommit = Math.min(sentCommit, next - 1);
    return true;
  }

  private void enter(State newState) {
    state = newState;
    paused = false;
    pendingSnapshot = 0;
    inflights.clear();
  }

  @Override
  public String toString() {
    return state + " match=" + match + " next=" + next + (isPaused() ? " paused" : "");
  }
}
