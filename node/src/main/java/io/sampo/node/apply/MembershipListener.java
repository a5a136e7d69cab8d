package io.sampo.node.apply;

import io.sampo.node.state.MembershipResult;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.raftpb.ConfChange;

/** Hears of the members as they are applied, in order, on the applier's thread. */
public interface MembershipListener {
  /** A change was applied, or did not hold and has changed nothing. */
  void changed(ConfChange change, MembershipResult result);

  /** A leader's state has replaced ours. */
  void replaced(ClusterState cluster);
}
