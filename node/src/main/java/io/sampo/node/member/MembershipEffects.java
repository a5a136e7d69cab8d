package io.sampo.node.member;

import io.sampo.node.peer.PeerSetup;
import io.sampo.node.peer.Peers;
import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.MembershipResult;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What an applied change of the members does beside the state: connections come and go, it is said
 * in the log, and a member that is removed hears of it.
 */
public final class MembershipEffects implements Consumer<ApplyEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(MembershipEffects.class);

  private final long clusterId;
  private final long memberId;
  private final Optional<ActorRef<Peers.Command>> peers;
  private final Runnable removed;

  /**
   * @param removed told when this member is no longer one
   */
  public MembershipEffects(
      long clusterId, long memberId, Optional<ActorRef<Peers.Command>> peers, Runnable removed) {
    this.clusterId = clusterId;
    this.memberId = memberId;
    this.peers = peers;
    this.removed = removed;
  }

  @Override
  public void accept(ApplyEvent event) {
    if (event instanceof ApplyEvent.MembershipChanged changed) {
      changed(changed.change(), changed.result());
    } else if (event instanceof ApplyEvent.Replaced replaced) {
      replaced(replaced.state().cluster());
    }
  }

  private void changed(ConfChange change, MembershipResult result) {
    if (result.error() != null) {
      LOG.atError()
          .addKeyValue("raft-conf-change", change.getType())
          .addKeyValue("raft-conf-change-node-id", hex(change.getNodeId()))
          .addKeyValue("error", result.error().getMessage())
          .log("Validation on configuration change failed");
      return;
    }
    long id = change.getNodeId();
    switch (change.getType()) {
      case ConfChangeAddNode, ConfChangeAddLearnerNode -> added(change, result.cluster());
      case ConfChangeUpdateNode -> updated(result.cluster().member(id));
      case ConfChangeRemoveNode -> removed(id);
    }
  }

  private void added(ConfChange change, ClusterState cluster) {
    ClusterMember member = cluster.member(change.getNodeId());
    boolean promotion =
        change.getType() == ConfChangeType.ConfChangeAddNode
            && MemberJson.decode(change.getContext().toByteArray()).promote();
    if (promotion) {
      line().addKeyValue("promoted-member-id", hex(member.id())).log("promote member");
      return;
    }
    tell(new Peers.Add(member.id(), member.peerUrls()));
    line()
        .addKeyValue("added-peer-id", hex(member.id()))
        .addKeyValue("added-peer-peer-urls", member.peerUrls())
        .addKeyValue("added-peer-is-learner", member.learner())
        .log("added member");
  }

  private void updated(ClusterMember member) {
    tell(new Peers.Update(member.id(), member.peerUrls()));
    line()
        .addKeyValue("updated-remote-peer-id", hex(member.id()))
        .addKeyValue("updated-remote-peer-urls", member.peerUrls())
        .addKeyValue("updated-remote-peer-is-learner", member.learner())
        .log("updated member");
  }

  private void removed(long id) {
    line().addKeyValue("removed-remote-peer-id", hex(id)).log("removed member");
    if (id == memberId) {
      removed.run();
    } else {
      tell(new Peers.Remove(id));
    }
  }

  private void replaced(ClusterState cluster) {
    tell(PeerSetup.connectWith(cluster.memberList()));
    if (cluster.removed().contains(memberId)) {
      removed.run();
    }
  }

  private void tell(Peers.Command command) {
    peers.ifPresent(actor -> actor.tell(command));
  }

  private LoggingEventBuilder line() {
    return LOG.atInfo()
        .addKeyValue("cluster-id", hex(clusterId))
        .addKeyValue("local-member-id", hex(memberId));
  }

  private static String hex(long id) {
    return Long.toHexString(id);
  }
}
