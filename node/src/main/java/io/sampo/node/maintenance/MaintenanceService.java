package io.sampo.node.maintenance;

import io.grpc.Status;
import io.sampo.node.edge.LongWork;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.state.ImageHash;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.StorageVersion;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.DefragmentRequest;
import io.sampo.protocol.etcdserverpb.DefragmentResponse;
import io.sampo.protocol.etcdserverpb.DowngradeInfo;
import io.sampo.protocol.etcdserverpb.DowngradeRequest;
import io.sampo.protocol.etcdserverpb.DowngradeResponse;
import io.sampo.protocol.etcdserverpb.HashKVRequest;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.HashRequest;
import io.sampo.protocol.etcdserverpb.HashResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.MaintenancePowerApi;
import io.sampo.protocol.etcdserverpb.MoveLeaderRequest;
import io.sampo.protocol.etcdserverpb.MoveLeaderResponse;
import io.sampo.protocol.etcdserverpb.SnapshotRequest;
import io.sampo.protocol.etcdserverpb.SnapshotResponse;
import io.sampo.protocol.etcdserverpb.StatusRequest;
import io.sampo.protocol.etcdserverpb.StatusResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** etcd's Maintenance service. */
public final class MaintenanceService implements MaintenancePowerApi {
  private static final Logger LOG = LoggerFactory.getLogger(MaintenanceService.class);

  /**
   * What the answers say of this server.
   *
   * @param version of the server, as etcd's
   * @param quotaBytes the quota as Status shows it
   */
  public record Versions(String version, long quotaBytes) {}

  private final RequestGate gate;
  private final PublishedState state;
  private final Supplier<RaftStatus> raft;
  private final ResponseHeaders headers;
  private final HashStorage hashes;
  private final Versions versions;
  private final MaintenanceMetrics metrics;
  private final LongSupplier nanoTime;
  private final LeaderTransfer transfer;
  private final LongWork longWork;
  private final Downgrades downgrades;

  /**
   * @param longWork makes hashes and snapshots of everything
   */
  public MaintenanceService(
      RequestGate gate,
      PublishedState state,
      Supplier<RaftStatus> raft,
      ResponseHeaders headers,
      HashStorage hashes,
      Versions versions,
      MaintenanceMetrics metrics,
      LongSupplier nanoTime,
      LeaderTransfer transfer,
      LongWork longWork) {
    this.gate = gate;
    this.state = state;
    this.raft = raft;
    this.headers = headers;
    this.hashes = hashes;
    this.versions = versions;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.transfer = transfer;
    this.longWork = longWork;
    this.downgrades = new Downgrades(gate, state);
  }

  @Override
  public CompletionStage<AlarmResponse> alarm(AlarmRequest request, Metadata metadata) {
    if (request.getAction() == AlarmRequest.AlarmAction.UNRECOGNIZED) {
      // A real etcd panics when it applies one.
      return CompletableFuture.failedFuture(
          new EtcdException(Status.Code.INVALID_ARGUMENT, "etcdserver: unknown alarm action"));
    }
    return gate.propose(InternalRaftRequest.newBuilder().setAlarm(request), AlarmResponse.class)
        .thenApply(headers::complete);
  }

  @Override
  public CompletionStage<StatusResponse> status(StatusRequest request, Metadata metadata) {
    NodeState now = state.get();
    RaftStatus status = raft.get();
    StatusResponse.Builder response =
        StatusResponse.newBuilder()
            .setHeader(headers.current())
            .setVersion(versions.version())
            .setDbSize(now.sizeBytes())
            .setDbSizeInUse(now.sizeBytes())
            .setLeader(status.leaderId())
            .setRaftIndex(status.committedIndex())
            .setRaftTerm(status.term())
            .setRaftAppliedIndex(now.appliedIndex())
            .setStorageVersion(StorageVersion.of(now.cluster()))
            .setDbSizeQuota(versions.quotaBytes())
            .setIsLearner(isLearner(now))
            .setDowngradeInfo(info(now.cluster().downgrade().orElse(DowngradeState.NONE)));
    if (status.leaderId() == 0) {
      response.addErrors(EtcdError.NO_LEADER.text());
    }
    for (AlarmMember alarm : now.alarms().alarms()) {
      response.addErrors(asText(alarm));
    }
    return CompletableFuture.completedFuture(response.build());
  }

  private boolean isLearner(NodeState now) {
    ClusterMember self = now.cluster().member(raft.get().memberId());
    return self != null && self.learner();
  }

  private static DowngradeInfo info(DowngradeState downgrade) {
    return DowngradeInfo.newBuilder()
        .setEnabled(downgrade.enabled())
        .setTargetVersion(downgrade.targetVersion())
        .build();
  }

  /** The alarm as Go prints the message. */
  private static String asText(AlarmMember alarm) {
    String member = "memberID:" + Long.toUnsignedString(alarm.getMemberID());
    String type =
        alarm.getAlarm() == AlarmType.UNRECOGNIZED
            ? Integer.toString(alarm.getAlarmValue())
            : alarm.getAlarm().name();
    return alarm.getAlarmValue() == 0 ? member : member + " alarm:" + type;
  }

  /** Nothing to do: the store is a tree in memory, and what is deleted leaves no gaps. */
  @Override
  public CompletionStage<DefragmentResponse> defragment(
      DefragmentRequest request, Metadata metadata) {
    LOG.info("starting defragment");
    metrics.defragmented();
    LOG.info("finished defragment");
    return CompletableFuture.completedFuture(DefragmentResponse.getDefaultInstance());
  }

  @Override
  public CompletionStage<HashResponse> hash(HashRequest request, Metadata metadata) {
    return CompletableFuture.supplyAsync(
        () -> {
          long begin = nanoTime.getAsLong();
          NodeState now = state.get();
          HashResponse response =
              HashResponse.newBuilder()
                  .setHeader(headers.at(now.keys().revision()))
                  .setHash(ImageHash.of(now.image()))
                  .build();
          metrics.hashed(nanoTime.getAsLong() - begin);
          return response;
        },
        longWork.executor());
  }

  @Override
  public CompletionStage<HashKVResponse> hashKV(HashKVRequest request, Metadata metadata) {
    return CompletableFuture.supplyAsync(
        () -> {
          long begin = nanoTime.getAsLong();
          NodeState now = state.get();
          KeyHash hash = hashes.hashByRevision(now.keys(), request.getRevision());
          metrics.hashedUpToRevision(nanoTime.getAsLong() - begin);
          return HashKVResponse.newBuilder()
              .setHeader(headers.at(now.keys().revision()))
              .setHash(hash.hash())
              .setCompactRevision(hash.compactRevision())
              .setHashRevision(hash.revision())
              .build();
        },
        longWork.executor());
  }

  @Override
  public Source<SnapshotResponse, NotUsed> snapshot(SnapshotRequest request, Metadata metadata) {
    NodeState now = state.get();
    long begin = nanoTime.getAsLong();
    return longWork
        .source(
            () -> new SnapshotMessages(now.image(), StorageVersion.of(now.cluster())),
            Function.<SnapshotResponse>identity())
        .concatLazy(
            Source.lazySource(
                () -> {
                  metrics.snapshotSent(nanoTime.getAsLong() - begin);
                  return Source.empty();
                }))
        .mapMaterializedValue(
            started -> {
              LOG.atInfo()
                  .addKeyValue("applied-index", now.appliedIndex())
                  .log("sending database snapshot to client");
              return started;
            });
  }

  @Override
  public CompletionStage<MoveLeaderResponse> moveLeader(
      MoveLeaderRequest request, Metadata metadata) {
    return transfer
        .moveTo(request.getTargetID())
        .thenApply(moved -> MoveLeaderResponse.getDefaultInstance());
  }

  @Override
  public CompletionStage<DowngradeResponse> downgrade(DowngradeRequest request, Metadata metadata) {
    return downgrades
        .perform(request)
        .thenApply(
            done ->
                DowngradeResponse.newBuilder()
                    .setHeader(headers.current())
                    .setVersion(
                        state
                            .get()
                            .cluster()
                            .clusterVersion()
                            .map(MaintenanceService::majorMinor)
                            .orElse(""))
                    .build());
  }

  private static String majorMinor(String version) {
    return version.substring(0, version.lastIndexOf('.'));
  }
}
