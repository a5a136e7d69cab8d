package io.sampo.persistence.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What the state machine hands over to be written: buckets over an immutable view, which another
 * thread may iterate while applies go on. The constructor puts the buckets in the byte order of
 * their names.
 */
public record SnapshotImage(List<Bucket> buckets) {
  /**
   * Sorts the buckets.
   *
   * @throws IllegalArgumentException if two buckets share a name or one has none
   */
  public SnapshotImage {
    buckets =
        buckets.stream()
            .sorted(Comparator.comparing(SnapshotImage::nameBytes, Arrays::compareUnsigned))
            .toList();
    String previous = "";
    for (Bucket bucket : buckets) {
      if (bucket.name().equals(previous)) {
        throw new IllegalArgumentException(
            previous.isEmpty() ? "bucket without a name" : "two buckets named " + previous);
      }
      previous = bucket.name();
    }
  }

  static byte[] nameBytes(Bucket bucket) {
    return bucket.name().getBytes(StandardCharsets.UTF_8);
  }
}
