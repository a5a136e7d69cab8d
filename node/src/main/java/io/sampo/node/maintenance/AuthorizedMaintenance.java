package io.sampo.node.maintenance;

import io.sampo.node.auth.AccessGate;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.DefragmentRequest;
import io.sampo.protocol.etcdserverpb.DefragmentResponse;
import io.sampo.protocol.etcdserverpb.DowngradeRequest;
import io.sampo.protocol.etcdserverpb.DowngradeResponse;
import io.sampo.protocol.etcdserverpb.HashKVRequest;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.HashRequest;
import io.sampo.protocol.etcdserverpb.HashResponse;
import io.sampo.protocol.etcdserverpb.MaintenancePowerApi;
import io.sampo.protocol.etcdserverpb.MoveLeaderRequest;
import io.sampo.protocol.etcdserverpb.MoveLeaderResponse;
import io.sampo.protocol.etcdserverpb.SnapshotRequest;
import io.sampo.protocol.etcdserverpb.SnapshotResponse;
import io.sampo.protocol.etcdserverpb.StatusRequest;
import io.sampo.protocol.etcdserverpb.StatusResponse;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The Maintenance service for admins. Whoever is a user may ask for the status and for alarms (etcd
 * 3.7.1, api/v3rpc/maintenance.go).
 */
public final class AuthorizedMaintenance implements MaintenancePowerApi {
  private final MaintenancePowerApi service;
  private final AccessGate access;

  public AuthorizedMaintenance(MaintenancePowerApi service, AccessGate access) {
    this.service = service;
    this.access = access;
  }

  @Override
  public CompletionStage<AlarmResponse> alarm(AlarmRequest request, Metadata metadata) {
    boolean asks = request.getAction() == AlarmRequest.AlarmAction.GET;
    return (asks ? access.somebody(metadata) : access.admin(metadata))
        .thenCompose(may -> service.alarm(request, metadata));
  }

  @Override
  public CompletionStage<StatusResponse> status(StatusRequest request, Metadata metadata) {
    return access.somebody(metadata).thenCompose(may -> service.status(request, metadata));
  }

  @Override
  public CompletionStage<DefragmentResponse> defragment(
      DefragmentRequest request, Metadata metadata) {
    return access.admin(metadata).thenCompose(may -> service.defragment(request, metadata));
  }

  @Override
  public CompletionStage<HashResponse> hash(HashRequest request, Metadata metadata) {
    return access.admin(metadata).thenCompose(may -> service.hash(request, metadata));
  }

  @Override
  public CompletionStage<HashKVResponse> hashKV(HashKVRequest request, Metadata metadata) {
    return access.admin(metadata).thenCompose(may -> service.hashKV(request, metadata));
  }

  @Override
  public Source<SnapshotResponse, NotUsed> snapshot(SnapshotRequest request, Metadata metadata) {
    if (!access.isOn()) {
      return service.snapshot(request, metadata);
    }
    return Source.completionStage(access.admin(metadata).thenApply(may -> true))
        .flatMapConcat(may -> service.snapshot(request, metadata));
  }

  @Override
  public CompletionStage<MoveLeaderResponse> moveLeader(
      MoveLeaderRequest request, Metadata metadata) {
    return access.admin(metadata).thenCompose(may -> service.moveLeader(request, metadata));
  }

  @Override
  public CompletionStage<DowngradeResponse> downgrade(DowngradeRequest request, Metadata metadata) {
    return access.admin(metadata).thenCompose(may -> service.downgrade(request, metadata));
  }
}
