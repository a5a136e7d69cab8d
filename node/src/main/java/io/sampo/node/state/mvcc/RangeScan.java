package io.sampo.node.state.mvcc;

import io.sampo.node.state.mvcc.RangeResult.Part;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortOrder;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Runs one range query on a tree: collect, filter, sort, cut, in etcd's order of steps. */
final class RangeScan {
  private final KeyTree tree;
  private final long revision;
  private final RangeQuery query;
  private final boolean atNewest;

  /**
   * @param newest the tree's newest revision
   * @param revision the revision to read at, known to be readable
   */
  RangeScan(KeyTree tree, long newest, long revision, RangeQuery query) {
    this.tree = tree;
    this.revision = revision;
    this.query = query;
    this.atNewest = revision == newest;
  }

  RangeResult run(long headerRevision) {
    if (query.countOnly()) {
      return new RangeResult(headerRevision, List.of(), count(), false, Part.WHOLE);
    }
    boolean cutFirst = query.limit() > 0 && query.isInKeyOrder() && !query.hasRevisionFilter();
    List<KeyVersion> found = new ArrayList<>();
    long count = cutFirst ? collectUpTo(keysToCollect(), found) : collectAll(found);
    if (query.hasRevisionFilter()) {
      found.removeIf(version -> !query.admits(version));
    }
    boolean more = query.limit() > 0 && (cutFirst ? count : found.size()) > query.limit();
    sort(query, found);
    if (more && found.size() > query.limit()) {
      found = new ArrayList<>(found.subList(0, (int) query.limit()));
    }
    return new RangeResult(headerRevision, found, count, more, part(query));
  }

  /**
   * To see whether there are more, etcd takes one key more than the limit, and where it sorts, that
   * one takes part before the list is cut.
   */
  private long keysToCollect() {
    boolean sorted = query.target() != SortTarget.KEY;
    return sorted && query.limit() < Long.MAX_VALUE ? query.limit() + 1 : query.limit();
  }

  long count() {
    if (atNewest) {
      return tree.countLive(query.range());
    }
    return collectUpTo(0, new ArrayList<>(0));
  }

  private long collectUpTo(long limit, List<KeyVersion> found) {
    if (atNewest) {
      if (limit > 0) {
        tree.scan(
            query.range(),
            history -> {
              if (history.isLive()) {
                found.add(history.newest());
              }
              return found.size() < limit;
            });
      }
      return tree.countLive(query.range());
    }
    long[] count = {0};
    tree.scan(
        query.range(),
        history -> {
          KeyVersion version = history.at(revision);
          if (version != null && !version.isTombstone()) {
            count[0]++;
            if (found.size() < limit) {
              found.add(version);
            }
          }
          return true;
        });
    return count[0];
  }

  private long collectAll(List<KeyVersion> found) {
    tree.scan(
        query.range(),
        history -> {
          KeyVersion version = atNewest ? history.newest() : history.at(revision);
          if (version != null && !version.isTombstone()) {
            found.add(version);
          }
          return true;
        });
    return found.size();
  }

  /** Sorts what was collected in key order by the query's target. */
  static void sort(RangeQuery query, List<KeyVersion> found) {
    SortTarget target = query.target();
    boolean descend = query.order() == SortOrder.DESCEND;
    if (target == SortTarget.KEY) {
      if (descend) {
        java.util.Collections.reverse(found);
      }
      return;
    }
    Comparator<KeyVersion> comparator =
        switch (target) {
          case VERSION -> Comparator.comparingLong(KeyVersion::version);
          case CREATE -> Comparator.comparingLong(KeyVersion::createRevision);
          case MOD -> Comparator.comparingLong(KeyVersion::modRevision);
          default -> (left, right) -> Arrays.compareUnsigned(left.value(), right.value());
        };
    found.sort(descend ? comparator.reversed() : comparator);
  }

  static Part part(RangeQuery query) {
    if (!query.keysOnly()) {
      return Part.WHOLE;
    }
    return query.target() == SortTarget.VALUE ? Part.WITHOUT_VALUE : Part.INDEX_ONLY;
  }
}
