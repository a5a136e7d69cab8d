package io.sampo.node.kv;

import com.google.protobuf.Message;
import io.sampo.node.auth.AccessGate;
import io.sampo.node.auth.Caller;
import io.sampo.node.edge.AnswerRoom;
import io.sampo.node.edge.LongWork;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.request.TraceLines;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.node.state.ReadOnlyTxn;
import io.sampo.node.state.RequestChecks;
import io.sampo.node.state.ResponseSize;
import io.sampo.node.state.mvcc.MvccView;
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
  private final AccessGate access;
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
      AccessGate access,
      PublishedState state,
      ResponseHeaders headers,
      Limits limits,
      RangeMetrics ranges,
      RequestMetrics requests,
      LongWork longWork) {
    this.gate = gate;
    this.access = access;
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
        metadata,
        AnswerRoom.unbounded(),
        () -> new RangeWork.Generated(state.keys(), request, headers, limits.send().half()));
  }

  /**
   * A range, answered with the encoded response that shares the stored bytes. To cancel the future
   * ends the reading.
   */
  public CompletableFuture<EncodedMessage> rangeEncoded(RangeRequest request, Metadata metadata) {
    return rangeEncoded(request, metadata, AnswerRoom.unbounded());
  }

  /** The same, read when there is room for the references to what it shows. */
  public CompletableFuture<EncodedMessage> rangeEncoded(
      RangeRequest request, Metadata metadata, AnswerRoom room) {
    return read(
        request, metadata, room, () -> new RangeWork.Encoded(state.keys(), request, headers));
  }

  private <R> CompletableFuture<R> read(
      RangeRequest request, Metadata metadata, AnswerRoom room, Supplier<RangeWork<R>> work) {
    try {
      RequestChecks.range(request);
    } catch (EtcdException e) {
      return CompletableFuture.failedFuture(e);
    }
    long begin = requests.begin();
    ReadSteps steps = new ReadSteps(!request.getSerializable());
    return timed(
        "Range",
        request,
        begin,
        steps,
        readWithin(request, metadata, room, steps, () -> counted(request, metadata, steps, work)));
  }

  private <R> CompletableFuture<R> readWithin(
      RangeRequest request,
      Metadata metadata,
      AnswerRoom room,
      ReadSteps steps,
      Supplier<LongWork.Slices<R>> work) {
    boolean single = request.getRangeEnd().isEmpty();
    CompletableFuture<Void> settled = access.settled(metadata);
    if (request.getSerializable() && settled.isDone()) {
      return single ? longWork.run(work) : longWork.after(granted(request, room), work);
    }
    CompletableFuture<?> ready = request.getSerializable() ? settled : gate.linearizable();
    return longWork.after(
        single
            ? ready
            : ready.thenCompose(
                done -> {
                  steps.agreedNanos = requests.begin();
                  return granted(request, room);
                }),
        work);
  }

  private CompletableFuture<?> granted(RangeRequest request, AnswerRoom room) {
    return room.take(RangeWork.likelyReferenceBytes(state.keys(), request));
  }

  private <R> CompletableFuture<R> timed(
      String type, Message request, long begin, ReadSteps steps, CompletableFuture<R> answer) {
    answer.whenComplete(
        (done, failure) -> {
          long nanos = requests.end(type, begin, failure == null);
          ranges.answered(request, done, failure, nanos);
          if (TraceLines.isLong(nanos)) {
            steps.trace(requests.traces(), request, done, begin, begin + nanos);
          }
        });
    return answer;
  }

  private <R> LongWork.Slices<R> counted(
      RangeRequest request, Metadata metadata, ReadSteps steps, Supplier<RangeWork<R>> work) {
    steps.begunNanos = requests.begin();
    Caller reader = access.admit(metadata, rules -> rules.range(request));
    long begin = ranges.begin();
    steps.admittedNanos = begin;
    try {
      RangeWork<R> range = work.get();
      return new LongWork.Slices<>() {
        @Override
        public boolean advance() {
          boolean last = range.advance();
          if (last) {
            steps.readNanos = ranges.end(begin, true);
            steps.revision = range.revision();
          }
          return last;
        }

        @Override
        public R result() {
          access.confirm(reader);
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
        metadata,
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
        metadata,
        chunk ->
            RangeWork.measured(
                RangeResponseEncoder.streamed(
                    chunk.last() ? headers.at(chunk.result().revision()) : null, chunk.result())));
  }

  private <R> Source<R, NotUsed> rangeStream(
      RangeRequest request, Metadata metadata, Function<RangeStreamChunks.Chunk, R> message) {
    try {
      RequestChecks.range(request);
      RequestChecks.rangeStream(request);
    } catch (EtcdException e) {
      return Source.failed(e);
    }
    CompletableFuture<Void> settled = access.settled(metadata);
    if (request.getSerializable() && settled.isDone()) {
      return chunks(request, metadata, message);
    }
    return Source.completionStage(
            (request.getSerializable() ? settled : gate.linearizable()).thenApply(done -> true))
        .flatMapConcat(done -> chunks(request, metadata, message));
  }

  private <R> Source<R, NotUsed> chunks(
      RangeRequest request, Metadata metadata, Function<RangeStreamChunks.Chunk, R> message) {
    return longWork.source(
        () -> {
          Caller reader = access.admit(metadata, rules -> rules.range(request));
          return new ConfirmedChunks(
              new RangeStreamChunks(request, state::keys, limits.maxRequestBytes(), limits.send()),
              () -> access.confirm(reader),
              ranges);
        },
        message);
  }

  @Override
  public CompletionStage<PutResponse> put(PutRequest request, Metadata metadata) {
    return gate.withinQuota(
        Quota.cost(request),
        () -> checked(() -> RequestChecks.put(request), () -> propose(request, metadata)));
  }

  private CompletableFuture<PutResponse> propose(PutRequest request, Metadata metadata) {
    return access
        .propose(metadata, InternalRaftRequest.newBuilder().setPut(request), PutResponse.class)
        .thenApply(headers::complete);
  }

  @Override
  public CompletionStage<DeleteRangeResponse> deleteRange(
      DeleteRangeRequest request, Metadata metadata) {
    return checked(() -> RequestChecks.deleteRange(request), () -> propose(request, metadata));
  }

  private CompletableFuture<DeleteRangeResponse> propose(
      DeleteRangeRequest request, Metadata metadata) {
    return access
        .propose(
            metadata,
            InternalRaftRequest.newBuilder().setDeleteRange(request),
            DeleteRangeResponse.class)
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
        () ->
            checked(
                () -> RequestChecks.txn(request, limits.maxTxnOps()),
                () -> run(request, metadata)));
  }

  private CompletableFuture<TxnResponse> run(TxnRequest request, Metadata metadata) {
    CompletableFuture<TxnResponse> response =
        ReadOnlyTxn.isReadOnly(request)
            ? read(request, metadata)
            : access.propose(
                metadata, InternalRaftRequest.newBuilder().setTxn(request), TxnResponse.class);
    return response
        .thenApply(headers::complete)
        .thenApply(
            complete -> {
              limits.send().check(ResponseSize.of(complete));
              return complete;
            });
  }

  private CompletableFuture<TxnResponse> read(TxnRequest request, Metadata metadata) {
    long begin = requests.begin();
    boolean serializable = ReadOnlyTxn.isSerializable(request);
    ReadSteps steps = new ReadSteps(!serializable);
    CompletableFuture<Void> ready = serializable ? access.settled(metadata) : gate.linearizable();
    return timed(
        "ReadonlyTxn",
        request,
        begin,
        steps,
        longWork.after(
            ready,
            () -> {
              steps.begunNanos = requests.begin();
              Caller reader = access.admit(metadata, rules -> rules.txn(request));
              steps.admittedNanos = requests.begin();
              ReadOnlyTxn.Reading reading = reading(request);
              steps.checkedNanos = requests.begin();
              return slices(reading, reader, steps);
            }));
  }

  /** One that is refused has compared, too. */
  private ReadOnlyTxn.Reading reading(TxnRequest request) {
    MvccView view = state.keys();
    try {
      return new ReadOnlyTxn.Reading(view, request, limits.send());
    } catch (EtcdException e) {
      ranges.transaction(ReadOnlyTxn.compared(view, request));
      throw e;
    }
  }

  private LongWork.Slices<TxnResponse> slices(
      ReadOnlyTxn.Reading reading, Caller reader, ReadSteps steps) {
    return new LongWork.Slices<>() {
      @Override
      public boolean advance() {
        return reading.advance(RangeWork.SLICE_KEYS);
      }

      @Override
      public TxnResponse result() {
        steps.readNanos = requests.begin();
        access.confirm(reader);
        ranges.transaction(reading.ranges());
        return reading.result();
      }
    };
  }

  @Override
  public CompletionStage<CompactionResponse> compact(CompactionRequest request, Metadata metadata) {
    return access
        .admin(metadata)
        .thenCompose(
            may ->
                access.propose(
                    metadata,
                    InternalRaftRequest.newBuilder().setCompaction(request),
                    CompactionResponse.class))
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
