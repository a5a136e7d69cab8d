package io.sampo.node.member;

import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * {@code --strict-reconfig-check} (etcd 3.7.1, mayAddMember and its kin): no change that could cost
 * the cluster its quorum. A member counts as started once it has said its name, and as connected
 * after five seconds.
 */
public final class StrictReconfiguration {
  private static final long HEALTHY_NANOS = Duration.ofSeconds(5).toNanos();

  private final long self;
  private final Connections connections;
  private final LongSupplier nanoTime;

  public StrictReconfiguration(long self, Connections connections, LongSupplier nanoTime) {
    this.self = self;
    this.connections = connections;
    this.nanoTime = nanoTime;
  }

  /** Why nobody may be added now; empty if somebody may. */
  public Optional<EtcdError> refusalToAdd(ClusterState cluster, boolean learner) {
    List<ClusterMember> voters = voters(cluster);
    long started = voters.stream().filter(ClusterMember::isStarted).count();
    // One member may always grow: that is how a cluster is built anew from one that is left.
    boolean ready = started >= quorum(voters.size() + 1) || voters.size() == 1 && started == 1;
    if (!learner && !ready) {
      return Optional.of(EtcdError.NOT_ENOUGH_STARTED_MEMBERS);
    }
    boolean connected = voters.size() == 1 || connected(voters) >= quorum(voters.size() + 1);
    return connected ? Optional.empty() : Optional.of(EtcdError.UNHEALTHY_CLUSTER);
  }

  /** Why the member may not be removed now; empty if it may, or is not known. */
  public Optional<EtcdError> refusalToRemove(ClusterState cluster, long id) {
    ClusterMember member = cluster.member(id);
    if (member != null && member.learner()) {
      return Optional.empty();
    }
    List<ClusterMember> voters = voters(cluster);
    List<ClusterMember> left = voters.stream().filter(other -> other.id() != id).toList();
    if (left.stream().filter(ClusterMember::isStarted).count() < quorum(left.size())) {
      return Optional.of(EtcdError.NOT_ENOUGH_STARTED_MEMBERS);
    }
    if (id != self && connections.activeSinceNanos(id).isEmpty()) {
      // Who is down is no part of the quorum that stands.
      return Optional.empty();
    }
    boolean stands = connected(voters) - 1 >= quorum(voters.size() - 1);
    return stands ? Optional.empty() : Optional.of(EtcdError.UNHEALTHY_CLUSTER);
  }

  /** Why no learner may become a voter now; empty if one may. */
  public Optional<EtcdError> refusalToPromote(ClusterState cluster) {
    List<ClusterMember> voters = voters(cluster);
    long started = 1 + voters.stream().filter(ClusterMember::isStarted).count();
    return started >= quorum(voters.size() + 1)
        ? Optional.empty()
        : Optional.of(EtcdError.NOT_ENOUGH_STARTED_MEMBERS);
  }

  private static List<ClusterMember> voters(ClusterState cluster) {
    return cluster.members().values().stream()
        .filter(Predicate.not(ClusterMember::learner))
        .toList();
  }

  private long connected(List<ClusterMember> members) {
    long now = nanoTime.getAsLong();
    return members.stream().filter(member -> isConnected(member.id(), now)).count();
  }

  private boolean isConnected(long id, long now) {
    OptionalLong since = connections.activeSinceNanos(id);
    return id == self || since.isPresent() && now - since.getAsLong() > HEALTHY_NANOS;
  }

  private static int quorum(int members) {
    return members / 2 + 1;
  }
}
