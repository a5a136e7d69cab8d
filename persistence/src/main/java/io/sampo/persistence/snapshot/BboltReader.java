package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads bbolt files of any page size and origin: our own, etcd's {@code member/snap/db}, and what
 * {@code etcdctl snapshot save} wrote. Every page is checked before it is used: id, type, bounds,
 * key order and that no page is reached twice in one bucket. So a damaged file gives a {@link
 * SnapshotFormatException}, or wrong values where a checksum is needed to tell ({@link
 * SnapshotVerifier}), but never an endless loop or an access out of bounds.
 *
 * <p>The file is memory mapped and must not be changed while it is open. Used by one thread at a
 * time.
 */
public final class BboltReader implements AutoCloseable {
  private final PageFile file;
  private final Map<String, byte[]> buckets = new LinkedHashMap<>();

  private BboltReader(PageFile file) {
    this.file = file;
  }

  /**
   * Opens a file and reads its list of buckets; a checksum behind the pages is not looked at.
   *
   * @throws SnapshotFormatException if the file is no bbolt file, is cut short or its list of
   *     buckets is damaged
   * @throws IOException if it cannot be read
   */
  public static BboltReader open(Path path) throws IOException {
    return open(path, PageFile.WINDOW_SHIFT);
  }

  static BboltReader open(Path path, int windowShift) throws IOException {
    PageFile file = PageFile.open(path, windowShift);
    BboltReader reader = new BboltReader(file);
    try {
      reader.readBuckets();
      return reader;
    } catch (IOException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  /** The names of all buckets, in their byte order. */
  public List<String> bucketNames() {
    return List.copyOf(buckets.keySet());
  }

  /**
   * Shows every entry of a bucket in key order; a bucket that is not there has none.
   *
   * @throws SnapshotFormatException if a page is damaged; the visitor has then seen the entries
   *     before it
   */
  public void forEach(String bucket, BucketVisitor visitor) throws IOException {
    byte[] header = buckets.get(bucket);
    if (header == null) {
      return;
    }
    TreeWalk walk =
        new TreeWalk(
            file,
            (leaf, position, key) -> {
              if (leaf.isBucket(position)) {
                throw damaged("bucket " + bucket + " holds another bucket");
              }
              visitor.accept(key, leaf.value(position));
            });
    long rootPage = BboltFormat.getLong(header, 0);
    if (rootPage == 0) {
      walk.walkInline(header);
    } else {
      walk.walk(rootPage);
    }
  }

  /** Bytes of the pages in use, which is what a snapshot stream of this file would hold. */
  public long usedBytes() {
    return file.meta().pages() * file.meta().pageBytes();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void readBuckets() throws IOException {
    new TreeWalk(
            file,
            (leaf, position, key) -> {
              String name = new String(key, StandardCharsets.UTF_8);
              if (!leaf.isBucket(position)) {
                throw damaged("the top level holds a plain value, " + name);
              }
              byte[] header = leaf.value(position);
              if (header.length < BboltFormat.BUCKET_HEADER_BYTES) {
                throw damaged("the header of bucket " + name + " is cut short");
              }
              if (buckets.put(name, header) != null) {
                throw damaged("two buckets are called " + name);
              }
            })
        .walk(file.meta().rootPage());
  }

  private SnapshotFormatException damaged(String problem) {
    return new SnapshotFormatException(file.path(), problem);
  }
}
