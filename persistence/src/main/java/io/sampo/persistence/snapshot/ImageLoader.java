package io.sampo.persistence.snapshot;

import java.util.Iterator;

/**
 * Walks an image and gives its pages to a sink, one entry a step. Planning and writing both run
 * this same walk, which is why a planned layout holds.
 */
final class ImageLoader {
  private final PageSink sink;
  private final Iterator<Bucket> buckets;
  private final TreeBuilder root;
  private byte[] name;
  private BucketCursor cursor;
  private TreeBuilder tree;
  private long rootPage;

  ImageLoader(SnapshotImage image, PageSink sink) {
    this.sink = sink;
    this.buckets = image.buckets().iterator();
    this.root = new TreeBuilder(sink, BboltFormat.BUCKET_ELEMENT_FLAG);
  }

  /** Takes one entry, or opens or closes a bucket; false once the root page is out. */
  boolean step() {
    if (cursor == null) {
      return open();
    }
    if (cursor.next()) {
      tree.add(cursor.key(), cursor.value());
    } else {
      close();
    }
    return true;
  }

  /** The page of the root bucket, once {@link #step} said false. */
  long rootPage() {
    return rootPage;
  }

  private boolean open() {
    if (!buckets.hasNext()) {
      rootPage = root.finish();
      return false;
    }
    Bucket bucket = buckets.next();
    name = SnapshotImage.nameBytes(bucket);
    cursor = bucket.cursor();
    tree = new TreeBuilder(sink, 0);
    return true;
  }

  private void close() {
    byte[] header = new byte[BboltFormat.BUCKET_HEADER_BYTES];
    BboltFormat.putLong(header, 0, tree.finish());
    root.add(name, header);
    cursor = null;
    tree = null;
  }
}
