package io.sampo.node.state.bucket;

import io.sampo.persistence.snapshot.BucketVisitor;
import java.io.IOException;

/**
 * Where a state is restored from: the buckets of a snapshot, such as {@code BboltReader::forEach}.
 */
@FunctionalInterface
public interface BucketSource {
  /**
   * Shows every entry of the bucket in key order; none if there is no such bucket. The arrays are
   * the visitor's to keep.
   *
   * @throws IOException if the snapshot cannot be read
   */
  void forEach(String bucket, BucketVisitor visitor) throws IOException;
}
