package io.sampo.node.kv;

import io.sampo.node.edge.LongWork;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.request.CountedMessage;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponseEncoder;
import io.sampo.node.state.mvcc.RangeResponses;
import io.sampo.node.state.mvcc.RangeResult;
import io.sampo.node.state.mvcc.RangeScan;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;

/** A range that is being read and made an answer of, some keys at a time. */
abstract class RangeWork<R> implements LongWork.Slices<R> {
  /** What is looked at in a slice: 0.1 to 0.3 ms. */
  static final int SLICE_KEYS = 1_000;

  private final RangeScan scan;
  private boolean scanned;

  private RangeWork(MvccView view, RangeRequest request) {
    this.scan = new RangeScan(view, RangeQuery.of(request));
  }

  @Override
  public final boolean advance() {
    if (scanned) {
      return answerMore();
    }
    scanned = scan.advance(SLICE_KEYS);
    if (scanned) {
      beginAnswer(scan.result());
    }
    return scanned && answerMore();
  }

  /** At which all keys were found. */
  final long revision() {
    return scan.result().revision();
  }

  /** What the answer will keep in memory until its client has it, more or less. */
  static long likelyReferenceBytes(MvccView view, RangeRequest request) {
    RangeQuery query = RangeQuery.of(request);
    long keys = query.countOnly() ? 0 : view.count(query.range());
    return RangeResponseEncoder.referenceBytes(
        query.limit() > 0 ? Math.min(query.limit(), keys) : keys);
  }

  /** All keys are found. */
  abstract void beginAnswer(RangeResult found);

  /** A slice of the answer; whether it was the last one. */
  abstract boolean answerMore();

  /** The answer as the client gets it, made while it leaves. */
  static final class Encoded extends RangeWork<EncodedMessage> {
    private final ResponseHeaders headers;
    private RangeResponseEncoder encoder;

    Encoded(MvccView view, RangeRequest request, ResponseHeaders headers) {
      super(view, request);
      this.headers = headers;
    }

    @Override
    void beginAnswer(RangeResult found) {
      encoder = RangeResponseEncoder.of(headers.at(found.revision()), found);
    }

    @Override
    boolean answerMore() {
      return encoder.measure(SLICE_KEYS);
    }

    @Override
    public EncodedMessage result() {
      return message(encoder);
    }
  }

  /** The answer as the generated message. */
  static final class Generated extends RangeWork<RangeResponse> {
    private final ResponseHeaders headers;
    private RangeResult found;
    private RangeResponse.Builder response;
    private final SendLimit limit;

    Generated(MvccView view, RangeRequest request, ResponseHeaders headers, SendLimit limit) {
      super(view, request);
      this.limit = limit;
      this.headers = headers;
    }

    @Override
    void beginAnswer(RangeResult result) {
      found = result;
      limit.check(RangeResponseEncoder.size(headers.at(found.revision()), found));
      response = RangeResponses.begin(found).setHeader(headers.at(found.revision()));
    }

    @Override
    boolean answerMore() {
      int from = response.getKvsCount();
      int to = Math.min(found.versions().size(), from + SLICE_KEYS);
      RangeResponses.addVersions(response, found, from, to);
      return to == found.versions().size();
    }

    @Override
    public RangeResponse result() {
      return response.build();
    }
  }

  /** As {@link #message}, of a part of an answer, which is small. */
  static EncodedMessage measured(RangeResponseEncoder part) {
    part.measure(Integer.MAX_VALUE);
    return message(part);
  }

  /**
   * What an encoder has measured, as a message.
   *
   * @throws io.sampo.protocol.error.EtcdException RESOURCE_EXHAUSTED with grpc-go's text, if it is
   *     more than one can have
   */
  private static EncodedMessage message(RangeResponseEncoder encoder) {
    long size = encoder.size();
    SendLimit.ETCD.check(size);
    return new CountedMessage() {
      @Override
      public long heldBytes() {
        return encoder.referenceBytes();
      }

      @Override
      public long count() {
        return encoder.count();
      }

      @Override
      public long shown() {
        return encoder.shown();
      }

      @Override
      public int size() {
        return (int) size;
      }

      @Override
      public void write(byte[] target, int offset, int length) {
        encoder.write(target, offset, length);
      }
    };
  }
}
