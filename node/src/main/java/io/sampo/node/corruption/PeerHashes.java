package io.sampo.node.corruption;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/**
 * Asks all other members for the hash of their keys at a revision; never fails. A compaction's
 * revision gives the hash of what it was about to compact.
 */
public interface PeerHashes extends LongFunction<CompletableFuture<List<PeerHashes.Answer>>> {

  /**
   * One member's answer.
   *
   * @param hash empty if it gave none
   */
  record Answer(long member, Optional<PeerHash> hash) {}
}
