package io.sampo.node.server;

import io.sampo.node.edge.Answers;
import io.sampo.node.peer.LeaderClient;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.peer.PeerConnections;
import io.sampo.node.peer.PeerNetwork;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.peer.Peers;
import io.sampo.node.peer.SnapshotSource;
import io.sampo.node.request.LateAnswers;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.tls.TlsContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What a node that talks to peers has beside the others.
 *
 * @param network also the node's transport
 * @param tls for https URLs of this member and of others
 * @param known whom a joiner was told of; empty for every other member
 */
public record PeerParts(
    PeerNetwork network,
    PeerSettings settings,
    Optional<TlsContext> tls,
    List<ClusterMember> known) {

  Peers.Environment environment(
      ActorSystem<?> system,
      NodeParts parts,
      SnapshotSource states,
      Runnable removed,
      Answers answers) {
    return new Peers.Environment(
        settings,
        new PeerConnections(system, tls, settings),
        states,
        parts.sources().currentMillis(),
        removed,
        answers);
  }

  /** How this member is connected with the members it knows of. */
  LateAnswers.Connections connections(NodeParts parts) {
    return new LateAnswers.Connections() {
      @Override
      public boolean withMemberSince(long member, long nanos) {
        OptionalLong since = network.activeSinceNanos(member);
        return since.isPresent() && since.getAsLong() - nanos < 0;
      }

      @Override
      public boolean withQuorumSince(long nanos) {
        var members = parts.state().get().cluster().memberList();
        long connected =
            members.stream()
                .filter(each -> each.id() == parts.memberId() || withMemberSince(each.id(), nanos))
                .count();
        return connected > members.size() / 2;
      }
    };
  }

  LeaderClient leaderQuestions(ActorSystem<?> system, NodeParts parts, Answers answers) {
    return new LeaderClient(
        client(system),
        parts.status(),
        () -> parts.state().get().cluster(),
        answers,
        system.scheduler(),
        system.executionContext(),
        parts.sources().nanoTime(),
        parts.config().requestTimeoutNanos());
  }

  PeerClient client(ActorSystem<?> system) {
    return client(system, tls, settings);
  }

  /** For a member that does not know yet who it is. */
  static PeerClient client(ActorSystem<?> system, Optional<TlsContext> tls, PeerSettings settings) {
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
