package io.sampo.node.kv;

import io.sampo.node.edge.AnswerRoom;
import io.sampo.node.edge.LongWork;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.node.state.ReadOnlyTxn;
import io.sampo.node.state.RequestChecks;
import io.sampo.node.state.ResponseSize;
import io.sampo.node.state.mvcc.RangeResponseEncoder;
import io.sampo.node.state.mvcc.RangeResponses;
import io.sampo.node.state.mvcc.RangeStreamChunks;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.KVPowerApi;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/** etcd's KV service. */
public final class KvService implements KVPowerApi {

  /**
   * @param maxTxnOps {@code --max-txn-ops}
   * @param maxRequestBytes {@code --max-request-bytes}, which chunks of a range stream aim at
   * @param send of one answer; those that become JSON may have half as much
   */
  public record Limits(int maxTxnOps, int maxRequestBytes, SendLimit send) {}

  private final RequestGate gate;
  private final PublishedState state;
  private final ResponseHeaders headers;
  private final Limits limits;
  private final RangeMetrics ranges;
  private final RequestMetrics requests;
  private final LongWork longWork;

  /**
   * @param longWork reads ranges
   */
  public KvService(
      RequestGate gate,
      PublishedState state,
      ResponseHeaders headers,
      Limits limits,
      RangeMetrics ranges,
      RequestMetrics requests,
      LongWork longWork) {
    this.gate = gate;
    this.state = state;
    this.headers = headers;
    this.limits = limits;
    this.ranges = ranges;
    this.requests = requests;
    this.longWork = longWork;
  }

  @Override
  public CompletionStage<RangeResponse> range(RangeRequest request, Metadata metadata) {
    return read(
        request,
        AnswerRoom.unbounded(),
        () -> new RangeWork.Generated(state.keys(), request, headers, limits.send().half()));
  }

  /**
   * A range, answered with the encoded response that shares the stored bytes. To cancel the future
   * ends the reading.
   */
  public CompletableFuture<EncodedMessage> rangeEncoded(RangeRequest request) {
    return rangeEncoded(request, AnswerRoom.unbounded());
  }

  /** The same, read when there is room for the references to what it shows. */
  public CompletableFuture<EncodedMessage> rangeEncoded(RangeRequest request, AnswerRoom room) {
    return read(request, room, () -> new RangeWork.Encoded(state.keys(), request, headers));
  }

  private <R> CompletableFuture<R> read(
      RangeRequest request, AnswerRoom room, Supplier<RangeWork<R>> work) {
    try {
      RequestChecks.range(request);
    } catch (EtcdException e) {
      return CompletableFuture.failedFuture(e);
    }
    long begin = requests.begin();
    return timed("Range", begin, readWithin(request, room, () -> counted(work)));
  }

  private <R> CompletableFuture<R> readWithin(
      RangeRequest request, AnswerRoom room, Supplier<LongWork.Slices<R>> work) {
    boolean single = request.getRangeEnd().isEmpty();
    if (request.getSerializable()) {
      return single ? longWork.run(work) : longWork.after(granted(request, room), work);
    }
    CompletableFuture<?> ready = gate.linearizable();
    return longWork.after(single ? ready : ready.thenCompose(done -> granted(request, room)), work);
  }

  private CompletableFuture<?> granted(RangeRequest request, AnswerRoom room) {
    return room.take(RangeWork.likelyReferenceBytes(state.keys(), request));
  }

  private <R> CompletableFuture<R> timed(String type, long begin, CompletableFuture<R> answer) {
    answer.whenComplete((done, failure) -> requests.end(type, begin, failure == null));
    return answer;
  }

  private <R> LongWork.Slices<R> counted(Supplier<RangeWork<R>> work) {
    long begin = ranges.begin();
    try {
      RangeWork<R> range = work.get();
      return new LongWork.Slices<>() {
        @Override
        public boolean advance() {
          boolean last = range.advance();
          if (last) {
            ranges.end(begin, true);
          }
          return last;
        }

        @Override
        public R result() {
          return range.result();
        }
      };
    } catch (EtcdException e) {
      ranges.end(begin, false);
      throw e;
    }
  }

  @Override
  public Source<RangeStreamResponse, NotUsed> rangeStream(RangeRequest request, Metadata metadata) {
    return rangeStream(
        request,
        chunk -> {
          RangeResponse.Builder response = RangeResponses.begin(chunk.result());
          if (chunk.last()) {
            response.setHeader(headers.at(chunk.result().revision()));
          }
          RangeResponses.addVersions(response, chunk.result(), 0, chunk.result().versions().size());
          return RangeStreamResponse.newBuilder().setRangeResponse(response).build();
        });
  }

  /** The same as encoded messages, which share the stored bytes. */
  public Source<EncodedMessage, NotUsed> rangeStreamEncoded(
      RangeRequest request, Metadata metadata) {
    return rangeStream(
        request,
        chunk ->
            RangeWork.measured(
                RangeResponseEncoder.streamed(
                    chunk.last() ? headers.at(chunk.result().revision()) : null, chunk.result())));
  }

  private <R> Source<R, NotUsed> rangeStream(
      RangeRequest request, Function<RangeStreamChunks.Chunk, R> message) {
    try {
      RequestChecks.range(request);
      RequestChecks.rangeStream(request);
    } catch (EtcdException e) {
      return Source.failed(e);
    }
    return request.getSerializable()
        ? chunks(request, message)
        : Source.completionStage(gate.linearizable().thenApply(done -> true))
            .flatMapConcat(done -> chunks(request, message));
  }

  private <R> Source<R, NotUsed> chunks(
      RangeRequest request, Function<RangeStreamChunks.Chunk, R> message) {
    return longWork.source(
        () -> new RangeStreamChunks(request, state::keys, limits.maxRequestBytes(), limits.send()),
        message);
  }

  @Override
  public CompletionStage<PutResponse> put(PutRequest request, Metadata metadata) {
    return gate.withinQuota(
        Quota.cost(request),
        () -> checked(() -> RequestChecks.put(request), () -> propose(request)));
  }

  private CompletableFuture<PutResponse> propose(PutRequest request) {
    return gate.propose(InternalRaftRequest.newBuilder().setPut(request), PutResponse.class)
        .thenApply(headers::complete);
  }

  @Override
  public CompletionStage<DeleteRangeResponse> deleteRange(
      DeleteRangeRequest request, Metadata metadata) {
    return checked(() -> RequestChecks.deleteRange(request), () -> propose(request));
  }

  private CompletableFuture<DeleteRangeResponse> propose(DeleteRangeRequest request) {
    return gate.propose(
            InternalRaftRequest.newBuilder().setDeleteRange(request), DeleteRangeResponse.class)
        .thenApply(headers::complete)
        .thenApply(
            response -> {
              limits.send().check(ResponseSize.of(response));
              return response;
            });
  }

  @Override
  public CompletionStage<TxnResponse> txn(TxnRequest request, Metadata metadata) {
    return gate.withinQuota(
        Quota.cost(request),
        () -> checked(() -> RequestChecks.txn(request, limits.maxTxnOps()), () -> run(request)));
  }

  private CompletableFuture<TxnResponse> run(TxnRequest request) {
    CompletableFuture<TxnResponse> response =
        ReadOnlyTxn.isReadOnly(request)
            ? read(request)
            : gate.propose(InternalRaftRequest.newBuilder().setTxn(request), TxnResponse.class);
    return response
        .thenApply(headers::complete)
        .thenApply(
            complete -> {
              limits.send().check(ResponseSize.of(complete));
              return complete;
            });
  }

  private CompletableFuture<TxnResponse> read(TxnRequest request) {
    long begin = requests.begin();
    CompletableFuture<Void> ready =
        ReadOnlyTxn.isSerializable(request)
            ? CompletableFuture.completedFuture(null)
            : gate.linearizable();
    return timed(
        "ReadonlyTxn",
        begin,
        longWork.after(
            ready, () -> slices(new ReadOnlyTxn.Reading(state.keys(), request, limits.send()))));
  }

  private static LongWork.Slices<TxnResponse> slices(ReadOnlyTxn.Reading reading) {
    return new LongWork.Slices<>() {
      @Override
      public boolean advance() {
        return reading.advance(RangeWork.SLICE_KEYS);
      }

      @Override
      public TxnResponse result() {
        return reading.result();
      }
    };
  }

  @Override
  public CompletionStage<CompactionResponse> compact(CompactionRequest request, Metadata metadata) {
    return gate.propose(
            InternalRaftRequest.newBuilder().setCompaction(request), CompactionResponse.class)
        .thenApply(response -> response.toBuilder().setHeader(headers.current()).build());
  }

  private static <R> CompletableFuture<R> checked(Runnable check, RequestGate.Next<R> next) {
    try {
      check.run();
    } catch (EtcdException e) {
      return CompletableFuture.failedFuture(e);
    }
    return next.go();
  }
}
