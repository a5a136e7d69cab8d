package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * The plan of a bbolt file: how long it will be and where its root stands, found by walking the
 * image once without writing. The meta pages, first in the file, need both, and so does a client
 * that wants to know how much is left.
 *
 * <pre>
 * page 0, 1   meta, alike but for the transaction number
 * page 2 …    bucket after bucket: leaves as they fill up, each branch page after its children
 * then        the root bucket, and last the (empty) freelist with the seal in its unused part
 * </pre>
 */
public final class BboltLayout {
  static final long FIRST_PAGE = 2;

  private final SnapshotImage image;
  private final long rootPage;
  private final long pages;

  private BboltLayout(SnapshotImage image, long rootPage, long pages) {
    this.image = image;
    this.rootPage = rootPage;
    this.pages = pages;
  }

  /**
   * Plans the file of an image.
   *
   * @throws IllegalArgumentException if a key is empty, longer than 32768 bytes or out of order
   */
  public static BboltLayout plan(SnapshotImage image) {
    Counter counter = new Counter();
    ImageLoader loader = new ImageLoader(image, counter);
    while (loader.step()) {
      // the counter does the work
    }
    return new BboltLayout(image, loader.rootPage(), counter.next + 1);
  }

  /** Length of the file in bytes, without a checksum trailer. */
  public long totalBytes() {
    return pages * BboltFormat.PAGE_BYTES;
  }

  /**
   * A new pass over the image that gives the bytes of the file on demand; any number of them may
   * run.
   */
  public BboltWriter writer() {
    return new BboltWriter(this);
  }

  /** Writes the whole file to the channel, which stays open; returns the number of bytes. */
  public long writeTo(WritableByteChannel channel) throws IOException {
    return writer().writeTo(channel);
  }

  SnapshotImage image() {
    return image;
  }

  long rootPage() {
    return rootPage;
  }

  long pages() {
    return pages;
  }

  long freelistPage() {
    return pages - 1;
  }

  private static final class Counter implements PageSink {
    private long next = FIRST_PAGE;

    @Override
    public long write(PageNode node, int elementFlags) {
      long id = next;
      next += node.pages();
      return id;
    }
  }
}
