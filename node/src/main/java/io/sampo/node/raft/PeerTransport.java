package io.sampo.node.raft;

import io.sampo.protocol.raftpb.Message;

/**
 * Carries messages to peers. It may lose, delay, repeat and reorder them, but never change one.
 * What it learns on the way it tells the actor: {@link RaftCommand.Receive}, {@link
 * RaftCommand.PeerUnreachable}, {@link RaftCommand.SnapshotSent}.
 */
public interface PeerTransport {

  /**
   * Sends to {@code message.getTo()} and returns at once; called on the actor's thread. To a
   * MsgSnap the transport adds the state's data, of the metadata's index or a later one, and then
   * corrects the metadata.
   */
  void send(Message message);
}
