package io.sampo.node.watch;

import java.util.function.LongSupplier;

/**
 * What a response header says beside the revision.
 *
 * @param term the Raft term as this member knows it now; asked for each response, on any thread
 */
public record WatchHeader(long clusterId, long memberId, LongSupplier term) {
  /** The term now. */
  public long raftTerm() {
    return term.getAsLong();
  }
}
