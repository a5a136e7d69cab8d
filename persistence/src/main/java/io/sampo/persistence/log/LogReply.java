package io.sampo.persistence.log;

import io.sampo.protocol.raftpb.Message;
import java.util.List;

/** What the log tells its owner. */
public sealed interface LogReply {

  /** The first message after a start: everything that was durable. */
  record Recovered(LogState state) implements LogReply {}

  /**
   * A batch is durable. Sent once for each {@link LogCommand.Persist} and {@link
   * LogCommand.InstallSnapshot}, in order.
   *
   * @param term the term of the batch's last entry, or of the installed snapshot; 0 when the batch
   *     had no entry
   * @param index the index of that entry; a later batch in flight may overwrite it, so compare both
   * @param after what may be said now
   */
  record Flushed(long term, long index, List<Message> after) implements LogReply {}
}
