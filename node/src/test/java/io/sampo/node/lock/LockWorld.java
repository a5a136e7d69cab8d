package io.sampo.node.lock;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.node.edge.Answers;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponses;
import io.sampo.node.state.mvcc.RangeResult;
import io.sampo.node.watch.EventHub;
import io.sampo.node.watch.WatchAuthorizer;
import io.sampo.node.watch.WatchHeader;
import io.sampo.node.watch.WatchMetrics;
import io.sampo.node.watch.WatchSettings;
import io.sampo.node.watch.WatchSource;
import io.sampo.node.watch.WatchStreams;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.KVPowerApi;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseLeasesRequest;
import io.sampo.protocol.etcdserverpb.LeaseLeasesResponse;
import io.sampo.protocol.etcdserverpb.LeasePowerApi;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeResponse;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;

/** A node without Raft: a request is applied at once, then its events are published. */
final class LockWorld implements KVPowerApi, LeasePowerApi {
  static final Metadata NOBODY = new MetadataBuilder().build();

  final ActorTestKit kit = ActorTestKit.create();
  private final StateMachine state = new StateMachine(StateSettings.DEFAULT);
  private final ActorRef<EventHub.Command> hub;
  final EtcdServices services;
  final DeleteWaits turns;
  volatile int waiters;

  /** The next transaction fails so, once. */
  RuntimeException txnFailure;

  private volatile MvccView view;
  private long index;
  private long lastLease = 0x1000;

  LockWorld() {
    view = state.view();
    hub = kit.spawn(EventHub.create(view.revision(), 1024, 1 << 20));
    WatchStreams streams =
        new WatchStreams(
            new WatchSource(
                hub,
                () -> view,
                new WatchHeader(0, 0, () -> 0),
                WatchSettings.of(Duration.ZERO, 1 << 20),
                new WatchMetrics(new MetricsRegistry()),
                new Random(1)),
            kit::spawn);
    services =
        new EtcdServices(
            this,
            this,
            (requests, metadata) -> requests.via(streams.responses(WatchAuthorizer.EVERYTHING)));
    turns =
        new DeleteWaits(
            services,
            Materializer.createMaterializer(kit.system()),
            new Answers(kit.system().executionContext()),
            waiter -> {
              waiters++;
              return kit.spawn(waiter);
            });
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  synchronized <R extends Message> CompletableFuture<R> apply(
      InternalRaftRequest.Builder request, Class<R> response) {
    ApplyResult result = state.apply(request.build(), ++index, 1);
    view = state.view();
    result.batch().ifPresent(batch -> hub.tell(new EventHub.Publish(List.of(batch))));
    return result.error() == null
        ? CompletableFuture.completedFuture(response.cast(result.response()))
        : CompletableFuture.failedFuture(result.error());
  }

  void grant(long id) {
    apply(
            InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(60)),
            LeaseGrantResponse.class)
        .join();
  }

  void revoke(long id) {
    apply(
            InternalRaftRequest.newBuilder()
                .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id)),
            LeaseRevokeResponse.class)
        .join();
  }

  /** The keys from {@code ""} on, as text. */
  List<String> keys() {
    RangeRequest all =
        RangeRequest.newBuilder().setKey(bytes("\0")).setRangeEnd(bytes("\0")).build();
    return range(all, NOBODY).join().getKvsList().stream()
        .map(kv -> kv.getKey().toStringUtf8())
        .toList();
  }

  long revision() {
    return view.revision();
  }

  @Override
  public CompletableFuture<RangeResponse> range(RangeRequest request, Metadata metadata) {
    RangeResult result = view.range(RangeQuery.of(request));
    ResponseHeader header = ResponseHeader.newBuilder().setRevision(result.revision()).build();
    return CompletableFuture.completedFuture(RangeResponses.message(header, result));
  }

  @Override
  public CompletableFuture<TxnResponse> txn(TxnRequest request, Metadata metadata) {
    if (txnFailure != null) {
      RuntimeException failure = txnFailure;
      txnFailure = null;
      return CompletableFuture.failedFuture(failure);
    }
    return apply(InternalRaftRequest.newBuilder().setTxn(request), TxnResponse.class);
  }

  @Override
  public CompletableFuture<DeleteRangeResponse> deleteRange(
      DeleteRangeRequest request, Metadata metadata) {
    return apply(
        InternalRaftRequest.newBuilder().setDeleteRange(request), DeleteRangeResponse.class);
  }

  @Override
  public CompletableFuture<LeaseGrantResponse> leaseGrant(
      LeaseGrantRequest request, Metadata metadata) {
    return apply(
        InternalRaftRequest.newBuilder().setLeaseGrant(request.toBuilder().setID(++lastLease)),
        LeaseGrantResponse.class);
  }

  @Override
  public CompletableFuture<PutResponse> put(PutRequest request, Metadata metadata) {
    return apply(InternalRaftRequest.newBuilder().setPut(request), PutResponse.class);
  }

  @Override
  public CompletableFuture<CompactionResponse> compact(
      CompactionRequest request, Metadata metadata) {
    return apply(InternalRaftRequest.newBuilder().setCompaction(request), CompactionResponse.class);
  }

  @Override
  public Source<RangeStreamResponse, NotUsed> rangeStream(RangeRequest in, Metadata metadata) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<LeaseRevokeResponse> leaseRevoke(
      LeaseRevokeRequest in, Metadata metadata) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Source<LeaseKeepAliveResponse, NotUsed> leaseKeepAlive(
      Source<LeaseKeepAliveRequest, NotUsed> in, Metadata metadata) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<LeaseTimeToLiveResponse> leaseTimeToLive(
      LeaseTimeToLiveRequest in, Metadata metadata) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<LeaseLeasesResponse> leaseLeases(
      LeaseLeasesRequest in, Metadata metadata) {
    throw new UnsupportedOperationException();
  }
}
