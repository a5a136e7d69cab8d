package io.sampo.node.watch;

import io.sampo.protocol.etcdserverpb.WatchPowerApi;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/** etcd's Watch service, for the gateway; the gRPC edge takes the sessions' frames as they are. */
public final class WatchService implements WatchPowerApi {
  private final WatchStreams streams;

  public WatchService(WatchStreams streams) {
    this.streams = streams;
  }

  @Override
  public Source<WatchResponse, NotUsed> watch(
      Source<WatchRequest, NotUsed> requests, Metadata metadata) {
    return requests.via(streams.responses(WatchAuthorizer.EVERYTHING));
  }
}
