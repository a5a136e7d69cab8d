package io.sampo.node.raft;

import io.sampo.protocol.raftpb.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport of a member that has no peers: nothing it is given can arrive. */
public final class LocalTransport implements PeerTransport {
  private static final Logger LOG = LoggerFactory.getLogger(LocalTransport.class);

  @Override
  public void send(Message message) {
    LOG.atWarn()
        .addKeyValue("to", Long.toUnsignedString(message.getTo(), 16))
        .addKeyValue("type", message.getType())
        .log("dropped a raft message: this member has no peers");
  }
}
