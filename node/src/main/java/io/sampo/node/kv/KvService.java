package io.sampo.node.kv;

import io.sampo.node.edge.AnswerRoom;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.node.state.ReadOnlyTxn;
import io.sampo.node.state.RequestChecks;
import io.sampo.node.state.ResponseSize;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponseEncoder;
import io.sampo.node.state.mvcc.RangeResult;
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
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.Done;
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
  private final Executor executor;

  /**
   * @param executor where ranges of more than one key are read, so that they hold up nobody
   */
  public KvService(
      RequestGate gate,
      PublishedState state,
      ResponseHeaders headers,
      Limits limits,
      RangeMetrics ranges,
      RequestMetrics requests,
      Executor executor) {
    this.gate = gate;
    this.state = state;
    this.headers = headers;
    this.limits = limits;
    this.ranges = ranges;
    this.requests = requests;
    this.executor = executor;
  }

  @Override
  public CompletionStage<RangeResponse> range(RangeRequest request, Metadata metadata) {
    return read(
        request,
        result -> {
          ResponseHeader header = headers.at(result.revision());
          limits.send().half().check(RangeResponseEncoder.size(header, result));
          return RangeResponseEncoder.message(header, result);
        });
  }

  /** A range, answered with the encoded response that shares the stored bytes. */
  public CompletionStage<byte[]> rangeEncoded(RangeRequest request) {
    return rangeEncoded(request, AnswerRoom.unbounded());
  }

  /** The same, made when there is room for it; until then only the request is kept. */
  public CompletionStage<byte[]> rangeEncoded(RangeRequest request, AnswerRoom room) {
    return read(request, result -> encodedWithin(request, result, room)).thenCompose(made -> made);
  }

  private CompletableFuture<byte[]> encodedWithin(
      RangeRequest request, RangeResult result, AnswerRoom room) {
    ResponseHeader header = headers.at(result.revision());
    CompletableFuture<Done> granted = room.take(checkedSize(header, result));
    return granted.isDone()
        ? CompletableFuture.completedFuture(RangeResponseEncoder.encode(header, result))
        : granted.thenApplyAsync(done -> readAgain(request, room), executor);
  }

  private long checkedSize(ResponseHeader header, RangeResult result) {
    long size = RangeResponseEncoder.size(header, result);
    limits.send().check(size);
    return size;
  }

  /** There is room for what was found before; what is found now may be somewhat more. */
  private byte[] readAgain(RangeRequest request, AnswerRoom room) {
    RangeResult result = state.keys().range(RangeQuery.of(request));
    ResponseHeader header = headers.at(result.revision());
    room.waiting(checkedSize(header, result));
    return RangeResponseEncoder.encode(header, result);
  }

  private <R> CompletableFuture<R> read(RangeRequest request, Function<RangeResult, R> answer) {
    try {
      RequestChecks.range(request);
    } catch (EtcdException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (request.getSerializable()) {
      return timed("Range", requests.begin(), now(request, answer));
    }
    long begin = requests.begin();
    CompletableFuture<Void> ready = gate.linearizable();
    return timed(
        "Range",
        begin,
        request.getRangeEnd().isEmpty()
            ? ready.thenApply(done -> scan(request, answer))
            : ready.thenApplyAsync(done -> scan(request, answer), executor));
  }

  private <R> CompletableFuture<R> timed(String type, long begin, CompletableFuture<R> answer) {
    answer.whenComplete((done, failure) -> requests.end(type, begin, failure == null));
    return answer;
  }

  private <R> CompletableFuture<R> now(RangeRequest request, Function<RangeResult, R> answer) {
    try {
      return CompletableFuture.completedFuture(scan(request, answer));
    } catch (EtcdException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private <R> R scan(RangeRequest request, Function<RangeResult, R> answer) {
    long begin = ranges.begin();
    boolean success = false;
    try {
      R response = answer.apply(state.keys().range(RangeQuery.of(request)));
      success = true;
      return response;
    } finally {
      ranges.end(begin, success);
    }
  }

  @Override
  public Source<RangeStreamResponse, NotUsed> rangeStream(RangeRequest request, Metadata metadata) {
    try {
      RequestChecks.range(request);
      RequestChecks.rangeStream(request);
    } catch (EtcdException e) {
      return Source.failed(e);
    }
    return request.getSerializable()
        ? chunks(request)
        : Source.completionStage(gate.linearizable().thenApply(done -> true))
            .flatMapConcat(done -> chunks(request));
  }

  private Source<RangeStreamResponse, NotUsed> chunks(RangeRequest request) {
    return Source.fromIterator(
            () ->
                new RangeStreamChunks(
                    request, state::keys, limits.maxRequestBytes(), limits.send()))
        .map(headers::complete);
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
        ready.thenApplyAsync(
            done -> ReadOnlyTxn.run(state.keys(), request, limits.send()), executor));
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
