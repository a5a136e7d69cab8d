package io.sampo.node.raft;

/** The answer to {@link RaftCommand.ReadIndex}. */
public sealed interface ReadIndexReply {
  long requestId();

  /**
   * A read that begins when {@code index} is applied sees everything that was acknowledged before
   * it was asked for.
   */
  record ReadState(long requestId, long index) implements ReadIndexReply {}

  /**
   * The leader changed, none was found in time, or too many reads wait; asking again is allowed.
   */
  record ReadFailed(long requestId) implements ReadIndexReply {}
}
