package io.sampo.node.watch;

import io.sampo.node.auth.AccessGate;
import io.sampo.protocol.etcdserverpb.WatchPowerApi;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/** etcd's Watch service, for the gateway; the gRPC edge takes the sessions' frames as they are. */
public final class WatchService implements WatchPowerApi {
  private final WatchStreams streams;
  private final AccessGate access;

  public WatchService(WatchStreams streams, AccessGate access) {
    this.streams = streams;
    this.access = access;
  }

  @Override
  public Source<WatchResponse, NotUsed> watch(
      Source<WatchRequest, NotUsed> requests, Metadata metadata) {
    CompletableFuture<Boolean> settled = access.settled(metadata).handle((done, late) -> true);
    return settled.isDone()
        ? watchNow(requests, metadata)
        : Source.completionStage(settled).flatMapConcat(done -> watchNow(requests, metadata));
  }

  private Source<WatchResponse, NotUsed> watchNow(
      Source<WatchRequest, NotUsed> requests, Metadata metadata) {
    return requests.via(streams.responses(WatchAuthorizer.of(access.stream(metadata))));
  }
}
