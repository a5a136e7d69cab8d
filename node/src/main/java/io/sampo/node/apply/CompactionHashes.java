package io.sampo.node.apply;

import io.sampo.node.state.CompactionStarted;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.node.state.mvcc.KeyHash;
import java.util.concurrent.Executor;

/**
 * Hashes the keys as they were before each compaction, which members compare with each other.
 *
 * @param longWork where that is done, as it takes long
 */
public record CompactionHashes(HashStorage hashes, Executor longWork) {

  /** A compaction took effect. */
  void started(CompactionStarted compaction) {
    if (compaction.hashable()) {
      longWork.execute(
          () -> hashes.store(KeyHash.ofCompaction(compaction.before(), compaction.revision())));
    }
  }
}
