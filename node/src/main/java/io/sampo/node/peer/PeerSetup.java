package io.sampo.node.peer;

import io.sampo.node.edge.Answers;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.PublishedStatus;
import io.sampo.node.request.LateAnswers;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.node.tls.TlsContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * How a member reaches the others over HTTP.
 *
 * @param network also Raft's transport
 * @param tls for https URLs of this member and of others
 * @param known whom a joiner was told of; empty for every other member
 */
public record PeerSetup(
    PeerNetwork network,
    PeerSettings settings,
    Optional<TlsContext> tls,
    List<ClusterMember> known) {

  /**
   * Before anybody is connected.
   *
   * @param known whom a joiner was told of; empty for every other member
   * @param cluster as applied; removed members are refused
   */
  public static PeerSetup create(
      PeerIdentity identity,
      PeerSettings settings,
      Optional<TlsContext> tls,
      List<ClusterMember> known,
      MetricsRegistry registry,
      Supplier<ClusterState> cluster,
      LongSupplier nanoTime) {
    PeerNetwork network =
        new PeerNetwork(
            identity,
            new PeerMetrics(registry, MemberIds.format(identity.memberId())),
            nanoTime,
            id -> cluster.get().removed().contains(id));
    return new PeerSetup(network, settings, tls, known);
  }

  Peers.Environment environment(
      ActorSystem<?> system,
      SnapshotSource states,
      LongSupplier currentMillis,
      Runnable refusedAsRemoved,
      Answers answers) {
    return new Peers.Environment(
        settings,
        new PeerConnections(system, tls, settings),
        states,
        currentMillis,
        refusedAsRemoved,
        answers);
  }

  /** How this member is connected with the members that the state names. */
  public LateAnswers.Connections connections(Supplier<ClusterState> cluster) {
    long self = network.identity().memberId();
    return new LateAnswers.Connections() {
      @Override
      public boolean withMemberSince(long member, long nanos) {
        OptionalLong since = network.activeSinceNanos(member);
        return since.isPresent() && since.getAsLong() - nanos < 0;
      }

      @Override
      public boolean withQuorumSince(long nanos) {
        List<ClusterMember> members = cluster.get().memberList();
        long connected =
            members.stream()
                .filter(each -> each.id() == self || withMemberSince(each.id(), nanos))
                .count();
        return connected > members.size() / 2;
      }
    };
  }

  /**
   * Asks whoever leads.
   *
   * @param timeoutNanos of one question
   */
  public LeaderClient leaderClient(
      ActorSystem<?> system,
      PublishedStatus status,
      Supplier<ClusterState> cluster,
      Answers answers,
      LongSupplier nanoTime,
      long timeoutNanos) {
    return new LeaderClient(
        client(system),
        status,
        cluster,
        answers,
        system.scheduler(),
        system.executionContext(),
        nanoTime,
        timeoutNanos);
  }

  public PeerClient client(ActorSystem<?> system) {
    return client(system, tls, settings);
  }

  /** For a member that does not know yet who it is. */
  public static PeerClient client(
      ActorSystem<?> system, Optional<TlsContext> tls, PeerSettings settings) {
    return new PeerClient(system, new PeerConnections(system, tls, settings));
  }

  /**
   * Who the members are: a joiner believes what it was told until its log has come to its own
   * addition.
   */
  public List<ClusterMember> members(ClusterState cluster) {
    long self = network.identity().memberId();
    boolean arrived = cluster.members().containsKey(self) || cluster.removed().contains(self);
    return arrived || known.isEmpty() ? cluster.memberList() : known;
  }

  /** Whom to be connected with. */
  public static Peers.Command connectWith(List<ClusterMember> members) {
    return new Peers.Replace(
        members.stream().collect(Collectors.toMap(ClusterMember::id, ClusterMember::peerUrls)));
  }
}
