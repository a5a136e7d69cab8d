package io.sampo.node.peer.wire;

import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;

/**
 * Appends without their header where reader and writer both know it: the first frame of a term
 * carries a whole message, the ones that continue it only entries and the commit index.
 */
public final class MsgAppEncoder implements FrameEncoder {
  static final int LINK_HEARTBEAT = 0;
  static final int ENTRIES = 1;
  static final int WHOLE_MESSAGE = 2;

  /** Of the last entry written. */
  private long index;

  private long term;

  @Override
  public void encode(Message message, FrameBuffer out) {
    if (continues(message)) {
      out.putByte(ENTRIES);
      out.putLong(message.getEntriesCount());
      for (Entry entry : message.getEntriesList()) {
        out.putMessage(entry);
      }
      out.putLong(message.getCommit());
      index += message.getEntriesCount();
    } else {
      out.putByte(WHOLE_MESSAGE);
      out.putMessage(message);
      term = message.getTerm();
      index = lastIndex(message);
    }
  }

  private boolean continues(Message message) {
    return message.getIndex() == index
        && message.getLogTerm() == term
        && message.getTerm() == term
        && term != 0;
  }

  @Override
  public void linkHeartbeat(FrameBuffer out) {
    out.putByte(LINK_HEARTBEAT);
  }

  static long lastIndex(Message message) {
    int count = message.getEntriesCount();
    return count == 0 ? message.getIndex() : message.getEntries(count - 1).getIndex();
  }
}
