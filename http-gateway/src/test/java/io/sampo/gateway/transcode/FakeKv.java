package io.sampo.gateway.transcode;

import com.google.protobuf.ByteString;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.KVPowerApi;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.mvccpb.KeyValue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/** Answers with what an etcd with one key "foo" did answer, and remembers what it was asked. */
final class FakeKv implements KVPowerApi {
  private static final ResponseHeader HEADER =
      ResponseHeader.newBuilder()
          .setClusterId(5211519669624808227L)
          .setMemberId(Long.parseUnsignedLong("10444118659846891551"))
          .setRevision(2)
          .setRaftTerm(2)
          .build();

  RangeRequest lastRange = RangeRequest.getDefaultInstance();
  TxnRequest lastTxn = TxnRequest.getDefaultInstance();
  Metadata lastMetadata;
  Throwable failure;
  boolean silent;

  /** What a deletion is answered with. */
  final CompletableFuture<DeleteRangeResponse> waiting = new CompletableFuture<>();

  @Override
  public CompletionStage<RangeResponse> range(RangeRequest request, Metadata metadata) {
    lastRange = request;
    lastMetadata = metadata;
    if (silent) {
      return new CompletableFuture<>();
    }
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    if (request.getKey().isEmpty()) {
      throw EtcdError.EMPTY_KEY.exception();
    }
    RangeResponse.Builder response = RangeResponse.newBuilder().setHeader(HEADER);
    if (request.getKey().equals(ByteString.copyFromUtf8("foo"))) {
      response
          .setCount(1)
          .addKvs(
              KeyValue.newBuilder()
                  .setKey(request.getKey())
                  .setCreateRevision(2)
                  .setModRevision(2)
                  .setVersion(1)
                  .setValue(ByteString.copyFromUtf8("bar")));
    }
    return CompletableFuture.completedFuture(response.build());
  }

  @Override
  public Source<RangeStreamResponse, NotUsed> rangeStream(RangeRequest request, Metadata metadata) {
    return Source.empty();
  }

  @Override
  public CompletionStage<PutResponse> put(PutRequest request, Metadata metadata) {
    return CompletableFuture.completedFuture(PutResponse.newBuilder().setHeader(HEADER).build());
  }

  @Override
  public CompletionStage<DeleteRangeResponse> deleteRange(
      DeleteRangeRequest request, Metadata metadata) {
    return waiting;
  }

  @Override
  public CompletionStage<TxnResponse> txn(TxnRequest request, Metadata metadata) {
    lastTxn = request;
    return CompletableFuture.completedFuture(TxnResponse.newBuilder().setHeader(HEADER).build());
  }

  @Override
  public CompletionStage<CompactionResponse> compact(CompactionRequest request, Metadata metadata) {
    return CompletableFuture.failedFuture(EtcdError.FUTURE_REVISION.exception());
  }
}
