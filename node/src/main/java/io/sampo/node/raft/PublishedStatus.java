package io.sampo.node.raft;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What Raft said last of this member, for any reader on any thread. One thread writes. */
public final class PublishedStatus implements Supplier<RaftStatus> {
  private final LongSupplier nanoTime;
  private volatile RaftStatus status;
  private volatile long leaderSinceNanos;

  public PublishedStatus(long memberId, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    leaderSinceNanos = nanoTime.getAsLong();
    status = new RaftStatus(memberId, 0, 0, RoleName.FOLLOWER, 0, 0);
  }

  @Override
  public RaftStatus get() {
    return status;
  }

  /** When the leader known now, or the last one, became known; before that, the node's start. */
  public long leaderSinceNanos() {
    return leaderSinceNanos;
  }

  public void set(RaftStatus next) {
    if (next.leaderId() != 0 && next.leaderId() != status.leaderId()) {
      leaderSinceNanos = nanoTime.getAsLong();
    }
    status = next;
  }
}
