package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * One pass that produces the bytes of a bbolt file, pulled chunk by chunk or pushed to a channel.
 * Memory: one page for each level of the largest bucket, a few chunks, and the largest single
 * value. Used by one thread at a time.
 *
 * <p>The bytes are those of the layout's plan; if the image turns out to be another one than at
 * planning, the pass fails with an {@link IllegalStateException} and what came out so far is
 * worthless.
 */
public final class BboltWriter implements Iterator<byte[]> {
  /**
   * Largest chunk of the pull form, in bytes: what etcd sends in one message of
   * Maintenance.Snapshot.
   */
  public static final int CHUNK_BYTES = 32 * 1024;

  private static final int DRAIN_BYTES = 1 << 20;

  private final BboltLayout layout;
  private final ImageLoader loader;
  private final PageEncoder encoder = new PageEncoder();
  private boolean complete;

  BboltWriter(BboltLayout layout) {
    this.layout = layout;
    this.loader = new ImageLoader(layout.image(), encoder);
    encoder.writeMetaPages(layout);
  }

  @Override
  public boolean hasNext() {
    return encoder.available() > 0 || !complete;
  }

  /**
   * The next bytes of the file: a full chunk, shorter only at the end; the caller owns the array.
   */
  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    fill(CHUNK_BYTES);
    return encoder.take(CHUNK_BYTES);
  }

  /**
   * Writes everything that has not been pulled yet; the channel stays open. Returns the number of
   * bytes.
   */
  public long writeTo(WritableByteChannel channel) throws IOException {
    long written = 0;
    while (hasNext()) {
      fill(DRAIN_BYTES);
      ByteBuffer window = encoder.drain();
      while (window.hasRemaining()) {
        written += channel.write(window);
      }
    }
    return written;
  }

  private void fill(int bytes) {
    while (encoder.available() < bytes && !complete) {
      if (!loader.step()) {
        complete = true;
        encoder.writeFreelist();
        check();
      }
    }
  }

  private void check() {
    if (encoder.nextPage() != layout.pages() || loader.rootPage() != layout.rootPage()) {
      throw new IllegalStateException(
          "the snapshot image changed between planning and writing: planned "
              + layout.pages()
              + " pages, wrote "
              + encoder.nextPage());
    }
  }
}
