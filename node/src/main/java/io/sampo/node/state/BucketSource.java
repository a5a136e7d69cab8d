package io.sampo.node.state;

import io.sampo.persistence.snapshot.BucketVisitor;

/** Where a state is restored from: the buckets of a snapshot. */
@FunctionalInterface
public interface BucketSource {
  /**
   * Shows every entry of the bucket in key order; none if there is no such bucket. The arrays are
   * the visitor's to keep.
   */
  void forEach(String bucket, BucketVisitor visitor);
}
