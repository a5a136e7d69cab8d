package io.sampo.node.member;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.request.Proposer;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.ClusterVersionSetRequest;
import java.time.Duration;
import java.util.List;
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
 * While this member leads, it sees to it that the cluster has the version of its oldest member: it
 * asks all of them when it begins to lead and every four seconds from then on (etcd 3.7.1,
 * monitorClusterVersions). The next round begins only when the one before is over.
 */
public final class ClusterVersionMonitor extends AbstractBehavior<ClusterVersionMonitor.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterVersionMonitor.class);
  private static final Duration INTERVAL = Duration.ofSeconds(4);

  public sealed interface Command {}

  /** This member became leader or ceased to be. */
  public record Leadership(LeadershipChange change) implements Command {}

  private enum Look implements Command {
    INSTANCE
  }

  private record MemberSaid(VersionRounds.Said said) implements Command {}

  /** The proposal that a round led to has ended. */
  private record Proposed(long round, String version, Optional<EtcdException> failure)
      implements Command {}

  /** Asks a member what it runs; empty if it did not say. */
  public interface VersionQuestion extends VersionRounds.Question {}

  private final TimerScheduler<Command> timers;
  private final Supplier<ClusterState> cluster;
  private final VersionRounds<Command> rounds;
  private final Proposer<ApplyResult> proposer;

  /**
   * @param self this member's id
   * @param cluster as this member has applied it
   */
  public static Behavior<Command> create(
      long self,
      Supplier<ClusterState> cluster,
      VersionQuestion question,
      Proposer<ApplyResult> proposer) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new ClusterVersionMonitor(context, timers, self, cluster, question, proposer)));
  }

  private ClusterVersionMonitor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      long self,
      Supplier<ClusterState> cluster,
      VersionQuestion question,
      Proposer<ApplyResult> proposer) {
    super(context);
    this.timers = timers;
    this.cluster = cluster;
    this.rounds = new VersionRounds<>(context, self, question, MemberSaid::new);
    this.proposer = proposer;
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
      timers.startTimerWithFixedDelay(Look.INSTANCE, INTERVAL);
      return onLook();
    }
    return this;
  }

  private Behavior<Command> onLook() {
    if (rounds.isUnderWay()) {
      return this;
    }
    List<ClusterMember> members = cluster.get().memberList();
    rounds.begin(members);
    return members.isEmpty() ? decide() : this;
  }

  private Behavior<Command> onSaid(MemberSaid answer) {
    return rounds.add(answer.said()) ? decide() : this;
  }

  private Behavior<Command> decide() {
    ClusterState now = cluster.get();
    Optional<ServerVersion> target =
        now.downgrade()
            .filter(DowngradeState::enabled)
            .flatMap(downgrade -> ServerVersion.parse(downgrade.targetVersion()));
    Optional<ServerVersion> next =
        ClusterVersionRule.decide(
            now.clusterVersion().flatMap(ServerVersion::parse), target, rounds.versions().values());
    if (next.isPresent()) {
      propose(now.clusterVersion(), next.get().toString());
    } else {
      rounds.end();
    }
    return this;
  }

  private void propose(Optional<String> from, String to) {
    if (from.isEmpty()) {
      LOG.atInfo()
          .addKeyValue("cluster-version", majorMinor(to))
          .log("setting up initial cluster version using v3 API");
    } else {
      LOG.atInfo()
          .addKeyValue("from", majorMinor(from.get()))
          .addKeyValue("to", majorMinor(to))
          .log("updating cluster version using v3 API");
    }
    long proposed = rounds.round();
    proposer.propose(
        InternalRaftRequest.newBuilder()
            .setClusterVersionSet(ClusterVersionSetRequest.newBuilder().setVer(to)),
        ReplyTo.actor(
            getContext().getSelf(),
            applied -> new Proposed(proposed, to, Optional.empty()),
            why -> new Proposed(proposed, to, Optional.of(why))));
  }

  /** As etcd's log shows the version of a cluster. */
  private static String majorMinor(String version) {
    return version.substring(0, version.lastIndexOf('.'));
  }

  private Behavior<Command> onProposed(Proposed proposed) {
    proposed
        .failure()
        .ifPresentOrElse(
            why ->
                LOG.atWarn()
                    .addKeyValue("error", why.getMessage())
                    .log("failed to update cluster version"),
            () ->
                LOG.atInfo()
                    .addKeyValue("cluster-version", majorMinor(proposed.version()))
                    .log("cluster version is updated"));
    if (proposed.round() == rounds.round()) {
      rounds.end();
    }
    return this;
  }
}
