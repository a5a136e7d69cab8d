package io.sampo.node.state;

import io.sampo.node.state.mvcc.MvccView;

/**
 * A compaction that has just taken effect, for whoever computes its hash (which etcd compares
 * between members) off the applier's thread, with {@code KeyHash.ofCompaction}.
 *
 * @param before the view before it: it still has everything up to the revision
 * @param revision what is kept is readable from here on
 * @param hashable whether the compaction before this one was complete, so that the hash covers
 *     everything since it
 */
public record CompactionStarted(MvccView before, long revision, boolean hashable) {}
