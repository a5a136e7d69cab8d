package io.sampo.node.member;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.request.Proposer;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.DowngradeInfoSetRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While this member leads, it ends a downgrade once all members run the version that it goes to
 * (etcd 3.7.1, monitorDowngrade). The next look begins only when the one before is over.
 */
public final class DowngradeMonitor extends AbstractBehavior<DowngradeMonitor.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(DowngradeMonitor.class);

  public sealed interface Command {}

  /** This member became leader or ceased to be. */
  public record Leadership(LeadershipChange change) implements Command {}

  private enum Look implements Command {
    INSTANCE
  }

  private record MemberSaid(VersionRounds.Said said) implements Command {}

  /** The proposal that a round led to has ended. */
  private record Proposed(long round, Optional<EtcdException> failure) implements Command {}

  private final TimerScheduler<Command> timers;
  private final Supplier<ClusterState> cluster;
  private final VersionRounds<Command> rounds;
  private final Proposer<ApplyResult> proposer;
  private final Duration interval;

  /**
   * @param self this member's id
   * @param cluster as this member has applied it
   * @param interval between two looks
   */
  public static Behavior<Command> create(
      long self,
      Supplier<ClusterState> cluster,
      ClusterVersionMonitor.VersionQuestion question,
      Proposer<ApplyResult> proposer,
      Duration interval) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new DowngradeMonitor(
                        context, timers, self, cluster, question, proposer, interval)));
  }

  private DowngradeMonitor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      long self,
      Supplier<ClusterState> cluster,
      ClusterVersionMonitor.VersionQuestion question,
      Proposer<ApplyResult> proposer,
      Duration interval) {
    super(context);
    this.timers = timers;
    this.cluster = cluster;
    this.rounds = new VersionRounds<>(context, self, question, MemberSaid::new);
    this.proposer = proposer;
    this.interval = interval;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Leadership.class, this::onLeadership)
        .onMessageEquals(Look.INSTANCE, this::onLook)
        .onMessage(MemberSaid.class, this::onSaid)
        .onMessage(Proposed.class, this::onProposed)
        .build();
  }

  private Behavior<Command> onLeadership(Leadership leadership) {
    timers.cancelAll();
    rounds.end();
    if (leadership.change().leader()) {
      timers.startTimerWithFixedDelay(Look.INSTANCE, interval);
    }
    return this;
  }

  private Optional<ServerVersion> target() {
    return cluster
        .get()
        .downgrade()
        .filter(DowngradeState::enabled)
        .flatMap(downgrade -> ServerVersion.parse(downgrade.targetVersion()));
  }

  private Behavior<Command> onLook() {
    List<ClusterMember> members = cluster.get().memberList();
    if (!rounds.isUnderWay() && target().isPresent() && !members.isEmpty()) {
      rounds.begin(members);
    }
    return this;
  }

  private Behavior<Command> onSaid(MemberSaid answer) {
    if (rounds.add(answer.said())) {
      decide();
    }
    return this;
  }

  private void decide() {
    Optional<ServerVersion> target = target();
    if (target.isPresent() && allRun(target.get())) {
      LOG.atInfo()
          .addKeyValue("cluster-version", target.get().toString())
          .log("the cluster has been downgraded");
      cancel();
    } else {
      rounds.end();
    }
  }

  private boolean allRun(ServerVersion target) {
    if (!rounds.versions().values().stream().allMatch(Optional::isPresent)) {
      return false;
    }
    for (Map.Entry<Long, Optional<ServerVersion>> said : rounds.versions().entrySet()) {
      ServerVersion version = said.getValue().get();
      if (!version.equals(target)) {
        LOG.atWarn()
            .addKeyValue("remote-member-id", MemberIds.format(said.getKey()))
            .addKeyValue("current-server-version", version.toString())
            .addKeyValue("target-version", target.toString())
            .log("remotes server has mismatching etcd version");
        return false;
      }
    }
    return true;
  }

  private void cancel() {
    long proposed = rounds.round();
    proposer.propose(
        InternalRaftRequest.newBuilder()
            .setDowngradeInfoSet(DowngradeInfoSetRequest.newBuilder().setEnabled(false)),
        ReplyTo.actor(
            getContext().getSelf(),
            applied -> new Proposed(proposed, Optional.empty()),
            why -> new Proposed(proposed, Optional.of(why))));
  }

  private Behavior<Command> onProposed(Proposed proposed) {
    proposed
        .failure()
        .ifPresent(
            why ->
                LOG.atWarn()
                    .addKeyValue("error", why.getMessage())
                    .log("failed to cancel downgrade"));
    if (proposed.round() == rounds.round()) {
      rounds.end();
    }
    return this;
  }
}
