package io.sampo.node.state.mvcc;

import io.sampo.node.state.mvcc.RangeResult.Part;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortOrder;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortTarget;
import io.sampo.protocol.key.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Runs one range query on a view: collect, filter, sort, cut, in etcd's order of steps. Collecting
 * takes as long as the range is large, so it is done in steps of a bounded number of keys. By one
 * thread at a time.
 */
public final class RangeScan {
  private static final int MAX_EXPECTED = 1 << 26;

  private final MvccView view;
  private final long revision;
  private final RangeQuery query;
  private final boolean atNewest;

  /** As many keys are collected at most; those behind are only counted. */
  private final long wanted;

  private final ArrayList<KeyVersion> found = new ArrayList<>();
  private KeyRange rest;
  private long counted;
  private int steps;
  private boolean hasRoom;
  private RangeResult result;

  /**
   * A query on a view. Nothing is read yet.
   *
   * @throws io.sampo.protocol.error.EtcdException COMPACTED or FUTURE_REVISION
   */
  public RangeScan(MvccView view, RangeQuery query) {
    this.view = view;
    this.query = query;
    this.revision = view.readable(query.revision());
    this.atNewest = revision == view.revision();
    this.rest = query.range();
    this.wanted = wanted();
  }

  private long wanted() {
    if (query.countOnly()) {
      return 0;
    }
    if (!cutsFirst()) {
      return Long.MAX_VALUE;
    }
    // To see whether there are more, etcd takes one key more than the limit, and where it sorts,
    // that one takes part before the list is cut.
    boolean sorted = query.target() != SortTarget.KEY;
    return sorted && query.limit() < Long.MAX_VALUE ? query.limit() + 1 : query.limit();
  }

  private boolean cutsFirst() {
    return query.limit() > 0 && query.isInKeyOrder() && !query.hasRevisionFilter();
  }

  /**
   * Looks at so many keys more, deleted ones included.
   *
   * @return whether that was all, so that {@link #result} is there
   */
  public boolean advance(int keys) {
    if (result != null) {
      return true;
    }
    if (!collect(keys)) {
      return false;
    }
    long count = atNewest && counts() ? view.count(query.range()) : counted;
    result =
        query.countOnly()
            ? new RangeResult(view.revision(), List.of(), count, false, Part.WHOLE)
            : finish(count);
    return true;
  }

  /** Whether keys are counted that are not collected; the newest revision's need no scan. */
  private boolean counts() {
    return wanted < Long.MAX_VALUE;
  }

  private boolean collect(int keys) {
    if (rest.isEmpty() || (atNewest && found.size() >= wanted)) {
      return true;
    }
    steps = keys;
    KeyHistory[] last = {null};
    boolean all =
        view.tree()
            .scan(
                rest,
                history -> {
                  last[0] = history;
                  take(history);
                  steps--;
                  return steps > 0 && !(atNewest && found.size() >= wanted);
                });
    if (!all) {
      makeRoom();
      rest = rest.behind(last[0].newest().key());
    }
    return all || (atNewest && found.size() >= wanted);
  }

  /** A list that grows to a million is copied thirty times, and every copy has to be collected. */
  private void makeRoom() {
    if (!hasRoom) {
      hasRoom = true;
      long expected = Math.min(wanted, view.count(query.range()));
      found.ensureCapacity((int) Math.min(expected, MAX_EXPECTED));
    }
  }

  private void take(KeyHistory history) {
    KeyVersion version = atNewest ? history.newest() : history.at(revision);
    if (version != null && !version.isTombstone()) {
      counted++;
      if (found.size() < wanted) {
        found.add(version);
      }
    }
  }

  private RangeResult finish(long count) {
    List<KeyVersion> versions = found;
    if (query.hasRevisionFilter()) {
      versions.removeIf(version -> !query.admits(version));
    }
    boolean more = query.limit() > 0 && (cutsFirst() ? count : versions.size()) > query.limit();
    sort(query, versions);
    if (more && versions.size() > query.limit()) {
      versions = new ArrayList<>(versions.subList(0, (int) query.limit()));
    }
    return new RangeResult(view.revision(), versions, count, more, part(query));
  }

  /** What was found; only when {@link #advance} has said so. */
  public RangeResult result() {
    if (result == null) {
      throw new IllegalStateException("the range is not read to its end");
    }
    return result;
  }

  /** Reads it all at once. */
  RangeResult run() {
    while (!advance(Integer.MAX_VALUE)) {
      // An endless number of keys is all of them.
    }
    return result;
  }

  /** Sorts what was collected in key order by the query's target. */
  static void sort(RangeQuery query, List<KeyVersion> found) {
    SortTarget target = query.target();
    boolean descend = query.order() == SortOrder.DESCEND;
    if (target == SortTarget.KEY) {
      if (descend) {
        Collections.reverse(found);
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
