package io.sampo.node.state.mvcc;

import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortOrder;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortTarget;
import io.sampo.protocol.key.KeyRange;

/**
 * What a range asks for, in the view's own terms.
 *
 * @param limit how many keys at most; at or below 0 for no limit
 * @param revision the revision to read at; at or below 0 for the newest
 * @param minModRevision 0 for no bound, as the three others
 */
public record RangeQuery(
    KeyRange range,
    long limit,
    long revision,
    SortOrder order,
    SortTarget target,
    boolean keysOnly,
    boolean countOnly,
    long minModRevision,
    long maxModRevision,
    long minCreateRevision,
    long maxCreateRevision) {

  /** Every key of the range at the newest revision, in key order. */
  public static RangeQuery all(KeyRange range) {
    return page(range, 0, 0);
  }

  /** The first keys of the range in key order. */
  public static RangeQuery page(KeyRange range, long limit, long revision) {
    return new RangeQuery(
        range, limit, revision, SortOrder.NONE, SortTarget.KEY, false, false, 0, 0, 0, 0);
  }

  /** How many keys of the range exist at the revision. */
  static RangeQuery count(KeyRange range, long revision) {
    return new RangeQuery(
        range, 0, revision, SortOrder.NONE, SortTarget.KEY, false, true, 0, 0, 0, 0);
  }

  /** Reads a request that {@code RequestChecks} has let pass. */
  public static RangeQuery of(RangeRequest request) {
    return new RangeQuery(
        KeyRange.of(request.getKey().toByteArray(), request.getRangeEnd().toByteArray()),
        request.getLimit(),
        request.getRevision(),
        request.getSortOrder(),
        request.getSortTarget(),
        request.getKeysOnly(),
        request.getCountOnly(),
        request.getMinModRevision(),
        request.getMaxModRevision(),
        request.getMinCreateRevision(),
        request.getMaxCreateRevision());
  }

  /**
   * Whether the limit applies to the keys in their own order. Order NONE counts as that with every
   * target: etcd collects up to the limit first and sorts then.
   */
  boolean isInKeyOrder() {
    return order == SortOrder.NONE || (target == SortTarget.KEY && order == SortOrder.ASCEND);
  }

  boolean hasRevisionFilter() {
    return minModRevision != 0
        || maxModRevision != 0
        || minCreateRevision != 0
        || maxCreateRevision != 0;
  }

  boolean admits(KeyVersion version) {
    return (maxModRevision == 0 || version.modRevision() <= maxModRevision)
        && (minModRevision == 0 || version.modRevision() >= minModRevision)
        && (maxCreateRevision == 0 || version.createRevision() <= maxCreateRevision)
        && (minCreateRevision == 0 || version.createRevision() >= minCreateRevision);
  }
}
