package io.sampo.persistence.snapshot;

import java.util.ArrayList;
import java.util.List;

/**
 * One named bucket over an immutable view: every iteration gives the same entries, in strictly
 * ascending unsigned byte order of their keys. A snapshot iterates twice: once to plan the file,
 * once to write it.
 */
public interface Bucket {
  /** The name, as etcd's backend knows it; unique within an image, not empty. */
  String name();

  /** Shows every entry to the visitor, in key order. */
  void forEach(BucketVisitor visitor);

  /**
   * A new cursor before the first entry. The default gathers references to all entries first, which
   * suits buckets of a few thousand; a bucket that can hold millions gives a cursor of its own.
   */
  default BucketCursor cursor() {
    List<byte[]> keys = new ArrayList<>();
    List<byte[]> values = new ArrayList<>();
    forEach(
        (key, value) -> {
          keys.add(key);
          values.add(value);
        });
    return new ListCursor(keys, values);
  }
}
