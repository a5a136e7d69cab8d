package io.sampo.node.member;

import io.sampo.node.request.Proposer;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.ClusterVersionSetRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While this member leads, it sees to it that the cluster has the version of its oldest member: it
 * asks all of them every four seconds (etcd 3.7.1, monitorClusterVersions). For one thread, but
 * answers come on any.
 */
public final class ClusterVersionMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterVersionMonitor.class);
  private static final long INTERVAL_NANOS = Duration.ofSeconds(4).toNanos();

  /** Asks a member what it runs; empty if it did not say. */
  public interface VersionQuestion
      extends Function<ClusterMember, CompletableFuture<Optional<ServerVersion>>> {}

  private final long self;
  private final Supplier<ClusterState> cluster;
  private final VersionQuestion question;
  private final Proposer<ApplyResult> proposer;
  private final LongSupplier nanoTime;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private long lastLookNanos;

  public ClusterVersionMonitor(
      long self,
      Supplier<ClusterState> cluster,
      VersionQuestion question,
      Proposer<ApplyResult> proposer,
      LongSupplier nanoTime) {
    this.self = self;
    this.cluster = cluster;
    this.question = question;
    this.proposer = proposer;
    this.nanoTime = nanoTime;
    this.lastLookNanos = nanoTime.getAsLong();
  }

  /** To be called often while this member leads. */
  public void tick() {
    if (nanoTime.getAsLong() - lastLookNanos >= INTERVAL_NANOS) {
      look();
    }
  }

  /** To be called when this member begins to lead. */
  public void look() {
    if (!underWay.compareAndSet(false, true)) {
      return;
    }
    lastLookNanos = nanoTime.getAsLong();
    List<CompletableFuture<Optional<ServerVersion>>> answers = new ArrayList<>();
    for (ClusterMember member : cluster.get().memberList()) {
      answers.add(
          member.id() == self
              ? CompletableFuture.completedFuture(Optional.of(ServerVersion.OURS))
              : question.apply(member));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .whenComplete((all, failure) -> decide(answers));
  }

  private void decide(List<CompletableFuture<Optional<ServerVersion>>> answers) {
    List<Optional<ServerVersion>> versions = new ArrayList<>();
    for (CompletableFuture<Optional<ServerVersion>> answer : answers) {
      versions.add(answer.isCompletedExceptionally() ? Optional.empty() : answer.join());
    }
    ClusterState now = cluster.get();
    Optional<ServerVersion> target =
        now.downgrade()
            .filter(DowngradeState::enabled)
            .flatMap(downgrade -> ServerVersion.parse(downgrade.targetVersion()));
    Optional<ServerVersion> next =
        ClusterVersionRule.decide(
            now.clusterVersion().flatMap(ServerVersion::parse), target, versions);
    if (next.isEmpty()) {
      underWay.set(false);
      return;
    }
    propose(now.clusterVersion(), next.get().toString());
  }

  private void propose(Optional<String> from, String to) {
    LOG.atInfo()
        .addKeyValue("from", from.orElse("not_decided"))
        .addKeyValue("to", to)
        .log(
            from.isEmpty()
                ? "setting up initial cluster version using v3 API"
                : "updating cluster version using v3 API");
    proposer
        .propose(
            InternalRaftRequest.newBuilder()
                .setClusterVersionSet(ClusterVersionSetRequest.newBuilder().setVer(to)))
        .whenComplete(
            (applied, failure) -> {
              underWay.set(false);
              if (failure != null) {
                LOG.atWarn()
                    .addKeyValue("error", failure.getMessage())
                    .log("failed to update cluster version");
              }
            });
  }
}
