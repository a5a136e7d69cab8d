package io.sampo.node.state.mvcc;

import java.util.List;

/**
 * What the writes of one revision changed, in the order of their sub-revisions; published to those
 * who wait for events.
 *
 * @param revision the main revision that all the versions share
 * @param versions never empty
 */
public record RevisionBatch(long revision, List<KeyVersion> versions) {
  public RevisionBatch {
    versions = List.copyOf(versions);
  }
}
