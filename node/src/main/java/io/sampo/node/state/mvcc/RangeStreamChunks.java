package io.sampo.node.state.mvcc;

import io.sampo.node.state.mvcc.RangeResult.Part;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.key.KeyRange;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * The messages of one RangeStream, made one at a time as the client takes them. All are read at the
 * revision that was current (or asked for) when the stream began; header, count and more come with
 * the last one, as etcd 3.7.1 gives them (v3_server.go, rangeStream).
 *
 * <p>{@link #next} throws an EtcdException: FUTURE_REVISION or COMPACTED at the start, COMPACTED
 * also when a compaction overtakes the stream. To be used by one thread at a time.
 */
public final class RangeStreamChunks implements Iterator<RangeStreamChunks.Chunk> {
  private static final int FIRST_CHUNK_KEYS = 10;

  /**
   * What one message shows.
   *
   * @param last whether it is the last one, which has a header, count and more
   */
  public record Chunk(RangeResult result, boolean last) {}

  private final Supplier<MvccView> newest;
  private final MvccView view;
  private final RangeQuery query;
  private final int targetBytes;
  private final SendLimit limit;
  private final long totalLimit;
  private final Part part;
  private KeyRange rest;
  private long revision;
  private long chunkKeys;
  private long sent;
  private boolean started;
  private boolean done;

  /**
   * @param request one that {@code RequestChecks.rangeStream} has let pass
   * @param newest gives the view published last, to notice compactions
   * @param targetBytes what the size of a chunk is steered to: the largest request size
   * @param limit of one chunk: a few keys whose values are much larger than the last were may not
   *     fit
   */
  public RangeStreamChunks(
      RangeRequest request, Supplier<MvccView> newest, int targetBytes, SendLimit limit) {
    this.limit = limit;
    this.newest = newest;
    this.view = newest.get();
    this.query = RangeQuery.of(request);
    this.targetBytes = targetBytes;
    this.totalLimit = query.limit() <= 0 ? Long.MAX_VALUE : query.limit();
    this.part = RangeScan.part(query);
    this.rest = query.range();
    this.chunkKeys = Math.min(FIRST_CHUNK_KEYS, totalLimit);
  }

  @Override
  public boolean hasNext() {
    return !done;
  }

  @Override
  public Chunk next() {
    if (done) {
      throw new NoSuchElementException();
    }
    if (!started) {
      started = true;
      revision = view.readable(query.revision());
    } else if (revision < newest.get().compactRevision()) {
      done = true;
      throw EtcdError.COMPACTED.exception();
    }
    return query.countOnly() ? countOnly() : chunk();
  }

  private Chunk countOnly() {
    done = true;
    return last(List.of(), view.count(rest, revision), false);
  }

  private Chunk last(List<KeyVersion> versions, long count, boolean more) {
    return new Chunk(new RangeResult(view.revision(), versions, count, more, part), true);
  }

  private Chunk chunk() {
    List<KeyVersion> found = view.firstOf(rest, revision, chunkKeys + 1);
    boolean more = found.size() > chunkKeys;
    // With order NONE another target than the key orders each chunk by itself, and the next one
    // goes on behind the key that came last in that order. The key behind the limit takes part.
    RangeScan.sort(query, found);
    if (more) {
      found.remove(found.size() - 1);
      rest = rest.behind(found.get(found.size() - 1).key());
    }
    sent += found.size();
    long bytes =
        RangeResponseEncoder.size(null, new RangeResult(view.revision(), found, 0, false, part));
    limit.check(bytes);
    done = !more || sent == totalLimit;
    if (done) {
      return last(found, sent + (more ? view.count(rest, revision) : 0), more);
    }
    adjustChunk(bytes);
    return new Chunk(new RangeResult(view.revision(), found, 0, false, part), false);
  }

  /** Doubles or halves only outside of half to twice the target, so sizes do not swing. */
  private void adjustChunk(long lastBytes) {
    if (lastBytes < targetBytes / 2) {
      chunkKeys *= 2;
    } else if (lastBytes > targetBytes * 2L) {
      chunkKeys /= 2;
    }
    chunkKeys = Math.max(1, Math.min(chunkKeys, totalLimit - sent));
  }
}
