package io.sampo.node.watch;

/**
 * What a response header says beside the revision. It is asked for each response, on any thread.
 */
public interface WatchHeader {
  long clusterId();

  long memberId();

  /** The Raft term, as this member knows it now. */
  long raftTerm();
}
