package io.sampo.node.state;

import com.google.protobuf.ByteString;
import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.Compare.CompareTarget;
import io.sampo.protocol.key.KeyRange;
import java.util.List;

/** The conditions of a transaction (etcd 3.7.1, txn/txn.go). */
final class Compares {
  private Compares() {}

  /** How many hold before the first that does not, which is the last one looked at. */
  static int held(MvccView view, List<Compare> compares) {
    int held = 0;
    while (held < compares.size() && holds(view, compares.get(held))) {
      held++;
    }
    return held;
  }

  private static boolean holds(MvccView view, Compare compare) {
    byte[] key = compare.getKey().toByteArray();
    if (compare.getRangeEnd().isEmpty()) {
      KeyVersion version = view.get(key, view.revision());
      return version == null || version.isTombstone()
          ? holdsForMissing(compare)
          : holds(compare, version);
    }
    KeyRange range = KeyRange.of(key, compare.getRangeEnd().toByteArray());
    List<KeyVersion> found = view.range(RangeQuery.all(range)).versions();
    return found.isEmpty()
        ? holdsForMissing(compare)
        : found.stream().allMatch(version -> holds(compare, version));
  }

  /** A missing key has zero numbers, but no value: nothing that is said of its value is true. */
  private static boolean holdsForMissing(Compare compare) {
    return compare.getTarget() != CompareTarget.VALUE && holds(compare, 0L);
  }

  private static boolean holds(Compare compare, KeyVersion version) {
    return switch (compare.getTarget()) {
      case VALUE -> ordered(compare, compareBytes(version.valueBytes(), compare.getValue()));
      case CREATE -> holds(compare, version.createRevision());
      case MOD -> holds(compare, version.modRevision());
      case VERSION -> holds(compare, version.version());
      case LEASE -> holds(compare, version.lease());
      case UNRECOGNIZED -> ordered(compare, 0);
    };
  }

  /** A number of the wrong kind in the request counts as 0. */
  private static boolean holds(Compare compare, long number) {
    long wanted =
        switch (compare.getTarget()) {
          case CREATE -> compare.getCreateRevision();
          case MOD -> compare.getModRevision();
          case VERSION -> compare.getVersion();
          case LEASE -> compare.getLease();
          case VALUE, UNRECOGNIZED -> 0;
        };
    boolean known = compare.getTarget() != CompareTarget.UNRECOGNIZED;
    return ordered(compare, known ? Long.compare(number, wanted) : 0);
  }

  private static int compareBytes(ByteString left, ByteString right) {
    return ByteString.unsignedLexicographicalComparator().compare(left, right);
  }

  private static boolean ordered(Compare compare, int order) {
    return switch (compare.getResult()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
      case UNRECOGNIZED -> true;
    };
  }
}
