package io.sampo.node.server;

import io.sampo.node.peer.PeerClient;
import io.sampo.node.peer.PeerConnections;
import io.sampo.node.peer.PeerNetwork;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.peer.Peers;
import io.sampo.node.request.LateAnswers;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * What a node that talks to peers has beside the others.
 *
 * @param network also the node's transport
 * @param received where snapshots of leaders are on their way
 * @param state how received states are restored
 */
public record PeerParts(
    PeerNetwork network, PeerSettings settings, Path received, StateSettings state) {

  Peers.Environment environment(ActorSystem<?> system, NodeParts parts, Runnable removed) {
    return new Peers.Environment(
        settings,
        new PeerConnections(system, Optional.empty(), settings),
        new StateSnapshots(parts.state(), blocking(system)),
        parts.sources().currentMillis(),
        removed);
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

  PeerClient client(ActorSystem<?> system) {
    return new PeerClient(system, new PeerConnections(system, Optional.empty(), settings));
  }

  ReceivedStates receivedStates(ActorSystem<?> system, NodeParts parts) {
    return new ReceivedStates(
        received,
        state,
        () -> parts.status().get().appliedIndex(),
        blocking(system),
        SystemMaterializer.get(system).materializer());
  }

  private static Executor blocking(ActorSystem<?> system) {
    return system.dispatchers().lookup(DispatcherSelector.blocking());
  }

  /** Whom to be connected with. */
  static Peers.Command membersOf(ClusterState cluster) {
    return new Peers.Replace(
        cluster.memberList().stream()
            .collect(Collectors.toMap(ClusterMember::id, ClusterMember::peerUrls)));
  }
}
