package io.sampo.node.state.mvcc;

import io.sampo.node.state.mvcc.RangeResult.Part;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.key.KeyRange;
import java.util.Arrays;
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
public final class RangeStreamChunks implements Iterator<RangeStreamResponse> {
  private static final int FIRST_CHUNK_KEYS = 10;

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
  public RangeStreamResponse next() {
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
    RangeResponse chunk = query.countOnly() ? countOnly() : chunk();
    return RangeStreamResponse.newBuilder().setRangeResponse(chunk).build();
  }

  private RangeResponse countOnly() {
    done = true;
    return RangeResponse.newBuilder()
        .setHeader(header())
        .setCount(view.count(rest, revision))
        .build();
  }

  private RangeResponse chunk() {
    List<KeyVersion> found = view.firstOf(rest, revision, chunkKeys + 1);
    boolean more = found.size() > chunkKeys;
    // With order NONE another target than the key orders each chunk by itself, and the next one
    // goes on behind the key that came last in that order. The key behind the limit takes part.
    RangeScan.sort(query, found);
    if (more) {
      found.remove(found.size() - 1);
      rest = behind(found.get(found.size() - 1));
    }
    sent += found.size();
    RangeResult result = new RangeResult(0, found, 0, more, part);
    limit.check(RangeResponseEncoder.size(ResponseHeader.getDefaultInstance(), result));
    RangeResponse.Builder response = RangeResponse.newBuilder();
    RangeResponseEncoder.addVersions(response, result);
    done = !more || sent == totalLimit;
    if (done) {
      response.setHeader(header()).setMore(more);
      response.setCount(sent + (more ? view.count(rest, revision) : 0));
    }
    RangeResponse chunk = response.build();
    adjustChunk(chunk.getSerializedSize());
    return chunk;
  }

  /** Doubles or halves only outside of half to twice the target, so sizes do not swing. */
  private void adjustChunk(int lastBytes) {
    if (lastBytes < targetBytes / 2) {
      chunkKeys *= 2;
    } else if (lastBytes > targetBytes * 2L) {
      chunkKeys /= 2;
    }
    chunkKeys = Math.max(1, Math.min(chunkKeys, totalLimit - sent));
  }

  private KeyRange behind(KeyVersion last) {
    byte[] key = last.key();
    return new KeyRange(Arrays.copyOf(key, key.length + 1), rest.end());
  }

  private ResponseHeader header() {
    return ResponseHeader.newBuilder().setRevision(view.revision()).build();
  }
}
