package io.sampo.node.state.bucket;

import io.sampo.persistence.snapshot.Bucket;
import io.sampo.persistence.snapshot.BucketCursor;
import io.sampo.persistence.snapshot.BucketVisitor;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * A large bucket whose entries are encoded one at a time, when a cursor comes by.
 *
 * @param <T> what an entry is made of
 */
public final class IndexedBucket<T> implements Bucket {
  /** The things that the entries are made of, in the order of their keys. */
  public record Items<T>(int size, IntFunction<T> at) {}

  /** How an entry is made of a thing. */
  public interface Codec<T> {
    byte[] key(T item);

    byte[] value(T item);
  }

  private final String name;
  private final Supplier<Items<T>> supplier;
  private final Codec<T> codec;
  private Items<T> items;

  /**
   * @param supplier called once, by the first who iterates
   */
  public IndexedBucket(String name, Supplier<Items<T>> supplier, Codec<T> codec) {
    this.name = name;
    this.supplier = supplier;
    this.codec = codec;
  }

  private synchronized Items<T> items() {
    if (items == null) {
      items = supplier.get();
    }
    return items;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void forEach(BucketVisitor visitor) {
    Items<T> all = items();
    for (int i = 0; i < all.size(); i++) {
      T item = all.at().apply(i);
      visitor.accept(codec.key(item), codec.value(item));
    }
  }

  @Override
  public BucketCursor cursor() {
    Items<T> all = items();
    return new BucketCursor() {
      private int position = -1;
      private T item;

      @Override
      public boolean next() {
        if (position + 1 >= all.size()) {
          return false;
        }
        item = all.at().apply(++position);
        return true;
      }

      @Override
      public byte[] key() {
        return codec.key(item);
      }

      @Override
      public byte[] value() {
        return codec.value(item);
      }
    };
  }
}
