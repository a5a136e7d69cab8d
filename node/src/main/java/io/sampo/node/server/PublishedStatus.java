package io.sampo.node.server;

import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import java.util.function.Supplier;

/** What Raft said last of this member, for any reader on any thread. */
public final class PublishedStatus implements Supplier<RaftStatus> {
  private volatile RaftStatus status;

  PublishedStatus(long memberId) {
    status = new RaftStatus(memberId, 0, 0, RoleName.FOLLOWER, 0, 0);
  }

  @Override
  public RaftStatus get() {
    return status;
  }

  void set(RaftStatus next) {
    status = next;
  }
}
