package io.sampo.gateway.transcode;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/** Keep-alives echo the id with a TTL of 100; the rest answers the id it was given. */
final class FakeLease implements LeasePowerApi {
  volatile Metadata lastMetadata;

  Function<Source<LeaseKeepAliveRequest, NotUsed>, Source<LeaseKeepAliveResponse, NotUsed>>
      keepAlive =
          requests ->
              requests.map(
                  request ->
                      LeaseKeepAliveResponse.newBuilder()
                          .setID(request.getID())
                          .setTTL(100)
                          .build());

  @Override
  public CompletionStage<LeaseGrantResponse> leaseGrant(
      LeaseGrantRequest request, Metadata metadata) {
    return CompletableFuture.completedFuture(
        LeaseGrantResponse.newBuilder().setID(request.getID()).setTTL(request.getTTL()).build());
  }

  @Override
  public CompletionStage<LeaseRevokeResponse> leaseRevoke(
      LeaseRevokeRequest request, Metadata metadata) {
    return CompletableFuture.completedFuture(LeaseRevokeResponse.getDefaultInstance());
  }

  @Override
  public Source<LeaseKeepAliveResponse, NotUsed> leaseKeepAlive(
      Source<LeaseKeepAliveRequest, NotUsed> requests, Metadata metadata) {
    lastMetadata = metadata;
    return keepAlive.apply(requests);
  }

  @Override
  public CompletionStage<LeaseTimeToLiveResponse> leaseTimeToLive(
      LeaseTimeToLiveRequest request, Metadata metadata) {
    return CompletableFuture.completedFuture(
        LeaseTimeToLiveResponse.newBuilder().setID(request.getID()).setTTL(-1).build());
  }

  @Override
  public CompletionStage<LeaseLeasesResponse> leaseLeases(
      LeaseLeasesRequest request, Metadata metadata) {
    return CompletableFuture.completedFuture(LeaseLeasesResponse.getDefaultInstance());
  }
}
