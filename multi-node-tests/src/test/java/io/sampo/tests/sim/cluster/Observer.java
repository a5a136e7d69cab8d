package io.sampo.tests.sim.cluster;

import io.sampo.node.raft.RaftCommand;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import java.util.List;

/** Sees what members do, at the moment they do it; must not touch them. */
public interface Observer {
  /** A process of the member was started. */
  default void onStarted(SimMember member) {}

  /** Its process is no more. */
  default void onEnded(SimMember member, String why) {}

  /** Its Raft has recovered this log. */
  default void onRecovered(SimMember member, LogState log) {}

  /** Its Raft is about to handle this. */
  default void onRaftTold(SimMember member, RaftCommand command) {}

  /** Its Raft has handled a message. */
  default void onRaftStep(SimMember member) {}

  /** Its Raft tells the log this. */
  default void onLogCommand(SimMember member, LogCommand command) {}

  /** Its applier has applied these; its published state includes them. */
  default void onApplied(SimMember member, List<Entry> entries) {}

  /** Its applier has taken over a state that a leader sent; its published state is that one. */
  default void onInstalled(SimMember member) {}

  /** A message left a member. */
  default void onSent(SimMember from, Message message) {}
}
