package io.sampo.persistence.snapshot;

import java.util.List;

/** A cursor over keys and values that stand in lists of equal length. */
final class ListCursor implements BucketCursor {
  private final List<byte[]> keys;
  private final List<byte[]> values;
  private int position = -1;

  ListCursor(List<byte[]> keys, List<byte[]> values) {
    this.keys = keys;
    this.values = values;
  }

  @Override
  public boolean next() {
    if (position + 1 >= keys.size()) {
      return false;
    }
    position++;
    return true;
  }

  @Override
  public byte[] key() {
    return keys.get(position);
  }

  @Override
  public byte[] value() {
    return values.get(position);
  }
}
