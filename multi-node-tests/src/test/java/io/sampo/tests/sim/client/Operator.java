package io.sampo.tests.sim.client;

import com.google.protobuf.Message;
import io.sampo.node.server.Services;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.etcdserverpb.MemberAddRequest;
import io.sampo.protocol.etcdserverpb.MemberPromoteRequest;
import io.sampo.protocol.etcdserverpb.MemberRemoveRequest;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.fault.Probe;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Adds members and learners, starts them, promotes them and takes members out, as the person does
 * who runs a cluster; never so that a majority is gone for good.
 */
public final class Operator {
  private static final long MILLI = 1_000_000L;
  private static final long TIMEOUT_NANOS = 3_000 * MILLI;
  private static final String NAME = "operator";

  /** Members that ever were. */
  private static final int MOST = 10;

  private final SimCluster cluster;
  private final Caller caller;
  private final RandomGenerator random;
  private final long pauseNanos;
  private final boolean onlyLostLeave;
  private boolean stopped;
  private int unanswered;
  private boolean due;
  private int added;

  /**
   * @param onlyLostLeave takes out nobody whose disk is whole
   */
  public Operator(SimCluster cluster, Caller caller, long pauseNanos, boolean onlyLostLeave) {
    this.cluster = cluster;
    this.caller = caller;
    this.pauseNanos = pauseNanos;
    this.onlyLostLeave = onlyLostLeave;
    this.random = cluster.world().newRandom();
    this.added = cluster.members().size();
  }

  public void start() {
    goOn();
  }

  private void goOn() {
    if (unanswered == 0 && !due) {
      due = true;
      cluster.world().after(random.nextLong(2 * pauseNanos), this::next);
    }
  }

  public void stop() {
    stopped = true;
  }

  public boolean isIdle() {
    return stopped && unanswered == 0;
  }

  private void next() {
    due = false;
    cluster.startAdded();
    if (stopped) {
      return;
    }
    ClusterState now = cluster.membership();
    if (random.nextInt(3) == 0) {
      // Two at once: the second has to be refused.
      cluster.probes().hit(Probe.TWO_MEMBERSHIP_CHANGES_ASKED_FOR_AT_ONCE);
      add(true, now);
    }
    List<ClusterMember> learners =
        now.memberList().stream().filter(ClusterMember::learner).toList();
    switch (random.nextInt(4)) {
      case 0 -> add(false, now);
      case 1 -> add(true, now);
      case 2 -> {
        if (learners.isEmpty()) {
          add(true, now);
        } else {
          promote(learners.get(random.nextInt(learners.size())).id());
        }
      }
      default -> remove(now);
    }
  }

  /** A voter that is added counts before it runs, so there must be enough others. */
  private void add(boolean learner, ClusterState now) {
    if (added >= MOST || now.members().isEmpty()) {
      goOn();
      return;
    }
    String url = cluster.nextPeerUrl();
    added++;
    MemberAddRequest request =
        MemberAddRequest.newBuilder().addPeerURLs(url).setIsLearner(learner).build();
    send(Probe.MEMBER_ADDED, request, services -> services.cluster().memberAdd(request, null));
  }

  private void promote(long id) {
    MemberPromoteRequest request = MemberPromoteRequest.newBuilder().setID(id).build();
    send(
        Probe.LEARNER_PROMOTED,
        request,
        services -> services.cluster().memberPromote(request, null));
  }

  private void remove(ClusterState now) {
    List<ClusterMember> candidates =
        now.memberList().stream().filter(member -> !onlyLostLeave || isLost(member.id())).toList();
    long voters = now.memberList().stream().filter(member -> !member.learner()).count();
    if (candidates.isEmpty() || voters < 3) {
      goOn();
      return;
    }
    long id = candidates.get(random.nextInt(candidates.size())).id();
    cluster.probes().hit(Probe.REMOVAL_ASKED_FOR);
    MemberRemoveRequest request = MemberRemoveRequest.newBuilder().setID(id).build();
    send(Probe.MEMBER_REMOVED, request, services -> services.cluster().memberRemove(request, null));
  }

  private boolean isLost(long id) {
    return cluster.members().stream().anyMatch(member -> member.id() == id && member.isLost());
  }

  private <R extends Message> void send(
      Probe change, Message request, Function<Services, CompletionStage<R>> service) {
    unanswered++;
    caller.call(NAME, target(), request, TIMEOUT_NANOS, service, call -> done(call, change));
  }

  /** Mostly whoever leads: promotions are not passed on in this world. */
  private SimMember target() {
    SimMember any = cluster.members().get(random.nextInt(cluster.members().size()));
    return random.nextInt(4) == 0 ? any : cluster.leader().orElse(any);
  }

  private void done(Call call, Probe change) {
    unanswered--;
    if (call.succeeded()) {
      cluster.probes().hit(change);
    }
    goOn();
  }
}
