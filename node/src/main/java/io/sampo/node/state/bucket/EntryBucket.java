package io.sampo.node.state.bucket;

import io.sampo.persistence.snapshot.Bucket;
import io.sampo.persistence.snapshot.BucketVisitor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A small bucket that holds its entries.
 *
 * @param entries in unsigned order of their keys; neither keys nor values are ever written to
 */
public record EntryBucket(String name, SortedMap<byte[], byte[]> entries) implements Bucket {
  public EntryBucket {
    TreeMap<byte[], byte[]> copy = new TreeMap<>(Arrays::compareUnsigned);
    copy.putAll(entries);
    entries = Collections.unmodifiableSortedMap(copy);
  }

  public static EntryBucket of(String name, Map<byte[], byte[]> entries) {
    TreeMap<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
    sorted.putAll(entries);
    return new EntryBucket(name, sorted);
  }

  @Override
  public void forEach(BucketVisitor visitor) {
    entries.forEach(visitor::accept);
  }
}
