package io.sampo.node.member;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.request.Proposer;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.Attributes;
import io.sampo.protocol.membershippb.ClusterMemberAttrSetRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Says through the log who this member is, its name and client URLs, as soon as its data says whose
 * it is and there is a leader to take it (etcd 3.7.1, publishV3). Says nothing that the state knows
 * already.
 *
 * <p>Clients are served only then, and so never see a state that is older than what they saw before
 * a restart: what was committed by now is applied, either before what is said here or, where there
 * is nothing to say, behind a read barrier.
 */
public final class MemberPublisher extends AbstractBehavior<MemberPublisher.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(MemberPublisher.class);

  /** How often it is seen whether there is a leader: the clients' port waits for that. */
  private static final Duration LOOK = Duration.ofMillis(50);

  /** After a refusal. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  public sealed interface Command {}

  /** Whoever hears of this member finds it again: its data directory says who it is. */
  public record Established() implements Command {}

  /** This member became leader or ceased to be. */
  public record Leadership(LeadershipChange change) implements Command {}

  private enum Look implements Command {
    INSTANCE
  }

  private enum Applied implements Command {
    INSTANCE
  }

  private enum CaughtUp implements Command {
    INSTANCE
  }

  private record Failed(EtcdException why) implements Command {}

  /** What the parent is told, once. */
  public record Published() {}

  /**
   * What is said.
   *
   * @param timeout for how long the log may take, etcd's request timeout
   */
  public record LocalMember(
      long memberId, long clusterId, String name, List<String> clientUrls, Duration timeout) {
    public LocalMember {
      clientUrls = List.copyOf(clientUrls);
    }
  }

  private final TimerScheduler<Command> timers;
  private final LocalMember local;
  private final PublishedState state;
  private final Supplier<RaftStatus> status;
  private final Proposer<ApplyResult> proposer;
  private final ActorRef<ReadBarrier.Command> barrier;
  private final ActorRef<Published> parent;
  private boolean established;

  /** What there is to say may be unknown to the cluster. */
  private boolean due = true;

  private boolean underWay;

  /** What was committed when this member started is applied. */
  private boolean caughtUp;

  private boolean told;

  /**
   * Says nothing before it is told {@link Established}.
   *
   * @param parent told when the cluster knows this member, as applied here
   */
  public static Behavior<Command> create(
      LocalMember local,
      PublishedState state,
      Supplier<RaftStatus> status,
      Proposer<ApplyResult> proposer,
      ActorRef<ReadBarrier.Command> barrier,
      ActorRef<Published> parent) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new MemberPublisher(
                        context, timers, local, state, status, proposer, barrier, parent)));
  }

  private MemberPublisher(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      LocalMember local,
      PublishedState state,
      Supplier<RaftStatus> status,
      Proposer<ApplyResult> proposer,
      ActorRef<ReadBarrier.Command> barrier,
      ActorRef<Published> parent) {
    super(context);
    this.timers = timers;
    this.local = local;
    this.state = state;
    this.status = status;
    this.proposer = proposer;
    this.barrier = barrier;
    this.parent = parent;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Established.class, this::onEstablished)
        .onMessage(Leadership.class, this::onLeadership)
        .onMessageEquals(Look.INSTANCE, this::onLook)
        .onMessageEquals(Applied.INSTANCE, this::onApplied)
        .onMessageEquals(CaughtUp.INSTANCE, this::onCaughtUp)
        .onMessage(Failed.class, this::onFailed)
        .build();
  }

  private Behavior<Command> onEstablished(Established message) {
    established = true;
    return onLook();
  }

  /** Now all that earlier leaders committed is applied, so the state is looked at once more. */
  private Behavior<Command> onLeadership(Leadership leadership) {
    due |= leadership.change().leader();
    return onLook();
  }

  private Behavior<Command> onLook() {
    if (!due || underWay || !established) {
      return this;
    }
    if (status.get().leaderId() == 0) {
      timers.startSingleTimer(Look.INSTANCE, LOOK);
    } else if (!isKnown()) {
      publish();
    } else if (caughtUp) {
      published();
    } else {
      catchUp();
    }
    return this;
  }

  private void catchUp() {
    underWay = true;
    barrier.tell(
        new ReadBarrier.Await(
            ReplyTo.actor(getContext().getSelf(), behind -> CaughtUp.INSTANCE, Failed::new)));
  }

  private Behavior<Command> onCaughtUp() {
    underWay = false;
    caughtUp = true;
    return onLook();
  }

  private boolean isKnown() {
    ClusterMember member = state.get().cluster().member(local.memberId());
    return member != null
        && member.name().equals(local.name())
        && member.clientUrls().equals(local.clientUrls());
  }

  private void publish() {
    underWay = true;
    Failpoint.BEFORE_PUBLISHING.reached();
    proposer.propose(
        InternalRaftRequest.newBuilder()
            .setClusterMemberAttrSet(
                ClusterMemberAttrSetRequest.newBuilder()
                    .setMemberID(local.memberId())
                    .setMemberAttributes(
                        Attributes.newBuilder()
                            .setName(local.name())
                            .addAllClientUrls(local.clientUrls()))),
        ReplyTo.actor(getContext().getSelf(), applied -> Applied.INSTANCE, Failed::new));
  }

  private void published() {
    due = false;
    if (!told) {
      told = true;
      parent.tell(new Published());
    }
  }

  private Behavior<Command> onApplied() {
    underWay = false;
    caughtUp = true;
    published();
    named(LOG.atInfo())
        .addKeyValue("cluster-id", Long.toHexString(local.clusterId()))
        .addKeyValue("publish-timeout", local.timeout())
        .log("published local member to cluster through raft");
    return this;
  }

  /** What was too late took its time; a refusal at once is not repeated at once. */
  private Behavior<Command> onFailed(Failed failed) {
    underWay = false;
    named(LOG.atWarn())
        .addKeyValue("publish-timeout", local.timeout())
        .addKeyValue("error", failed.why().getMessage())
        .log("failed to publish local member to cluster through raft");
    timers.startSingleTimer(Look.INSTANCE, PAUSE);
    return this;
  }

  private LoggingEventBuilder named(LoggingEventBuilder line) {
    return line.addKeyValue("local-member-id", Long.toHexString(local.memberId()))
        .addKeyValue(
            "local-member-attributes",
            "{Name:%s ClientURLs:[%s]}"
                .formatted(local.name(), String.join(" ", local.clientUrls())));
  }
}
