package io.sampo.node.maintenance;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.healthpb.HealthCheckRequest;
import io.sampo.protocol.healthpb.HealthCheckResponse;
import io.sampo.protocol.healthpb.HealthCheckResponse.ServingStatus;
import io.sampo.protocol.healthpb.HealthListRequest;
import io.sampo.protocol.healthpb.HealthListResponse;
import io.sampo.protocol.healthpb.HealthPowerApi;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/**
 * gRPC's health service. Like etcd's it knows one service, the empty name, and that one serves:
 * nothing that Sampo does stops it, defragmentation included.
 */
public final class HealthService implements HealthPowerApi {
  private static final HealthCheckResponse SERVING = response(ServingStatus.SERVING);
  private static final HealthCheckResponse UNKNOWN = response(ServingStatus.SERVICE_UNKNOWN);

  @Override
  public CompletionStage<HealthCheckResponse> check(HealthCheckRequest in, Metadata metadata) {
    return in.getService().isEmpty()
        ? CompletableFuture.completedFuture(SERVING)
        : CompletableFuture.failedFuture(
            new EtcdException(Status.Code.NOT_FOUND, "unknown service"));
  }

  @Override
  public Source<HealthCheckResponse, NotUsed> watch(HealthCheckRequest in, Metadata metadata) {
    HealthCheckResponse now = in.getService().isEmpty() ? SERVING : UNKNOWN;
    return Source.single(now).concat(Source.maybe());
  }

  @Override
  public CompletionStage<HealthListResponse> list(HealthListRequest in, Metadata metadata) {
    return CompletableFuture.completedFuture(
        HealthListResponse.newBuilder().putStatuses("", SERVING).build());
  }

  private static HealthCheckResponse response(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }
}
