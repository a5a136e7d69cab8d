package io.sampo.node.maintenance;

import io.sampo.node.request.RequestGate;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.DowngradeRequest;
import io.sampo.protocol.etcdserverpb.DowngradeResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.DowngradeInfoSetRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins, and gives up, the way of a cluster to the version below its own (etcd 3.7.1,
 * version/manager.go). A job only lets members of that version in and lowers the cluster's version;
 * the members are exchanged by the operator. For any thread.
 */
final class Downgrades {
  private static final Logger LOG = LoggerFactory.getLogger(Downgrades.class);

  private final RequestGate gate;
  private final PublishedState state;

  Downgrades(RequestGate gate, PublishedState state) {
    this.gate = gate;
    this.state = state;
  }

  /**
   * Whether there could be a job.
   *
   * @return fails with WRONG_DOWNGRADE_VERSION_FORMAT, CLUSTER_VERSION_UNAVAILABLE,
   *     INVALID_DOWNGRADE_TARGET_VERSION, DOWNGRADE_IN_PROGRESS, or as a linearizable read does
   */
  CompletionStage<Void> validate(String target) {
    return validated(target).thenApply(version -> null);
  }

  /** As {@link #validate}; then there is a job for all members. */
  CompletionStage<Void> enable(String target) {
    return validated(target)
        .thenCompose(version -> set(true, version.toString()))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                warn("reject downgrade request", failure);
              }
            });
  }

  /** Ends the job. That there is none, or that it cannot be ended, is only logged, as in etcd. */
  CompletionStage<Void> cancel() {
    return gate.linearizable()
        .thenCompose(
            now ->
                isUnderWay(state.get().cluster())
                    ? set(false, "")
                    : CompletableFuture.failedFuture(EtcdError.NO_INFLIGHT_DOWNGRADE.exception()))
        .handle(
            (done, failure) -> {
              if (failure != null) {
                warn("failed to cancel downgrade", failure);
              }
              return null;
            });
  }

  private CompletionStage<DowngradeVersion> validated(String target) {
    DowngradeVersion version;
    try {
      version = DowngradeVersion.parse(target);
      state.get().cluster().clusterVersion().orElseThrow(Downgrades::unavailable);
    } catch (EtcdException e) {
      return CompletableFuture.failedFuture(e);
    }
    return gate.linearizable()
        .thenApply(
            now -> {
              ClusterState cluster = state.get().cluster();
              version.check(cluster.clusterVersion());
              if (isUnderWay(cluster)) {
                throw EtcdError.DOWNGRADE_IN_PROGRESS.exception();
              }
              return version;
            });
  }

  private static EtcdException unavailable() {
    return EtcdError.CLUSTER_VERSION_UNAVAILABLE.exception();
  }

  private static boolean isUnderWay(ClusterState cluster) {
    return cluster.downgrade().map(DowngradeState::enabled).orElse(false);
  }

  private CompletableFuture<Void> set(boolean enabled, String version) {
    return gate.propose(
            InternalRaftRequest.newBuilder()
                .setDowngradeInfoSet(
                    DowngradeInfoSetRequest.newBuilder().setEnabled(enabled).setVer(version)),
            DowngradeResponse.class)
        .thenApply(nothing -> null);
  }

  private static void warn(String message, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    LOG.atWarn().addKeyValue("error", cause.getMessage()).log(message);
  }

  /** What the request asks for. */
  CompletionStage<Void> perform(DowngradeRequest request) {
    return switch (request.getAction()) {
      case VALIDATE -> validate(request.getVersion());
      case ENABLE -> enable(request.getVersion());
      case CANCEL -> cancel();
      default ->
          CompletableFuture.failedFuture(
              new EtcdException(io.grpc.Status.Code.UNKNOWN, "etcdserver: unknown method"));
    };
  }
}
