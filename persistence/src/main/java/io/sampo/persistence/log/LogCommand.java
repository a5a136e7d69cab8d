package io.sampo.persistence.log;

import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import java.util.List;
import java.util.Objects;

/** What the owner of the log may ask. Commands take effect one after another, in the order told. */
public sealed interface LogCommand
    permits LogCommand.Persist, LogCommand.Compact, LogCommand.InstallSnapshot, TrimFailed {

  /**
   * Makes a batch durable as one event, then answers {@link LogReply.Flushed}.
   *
   * @param hardState the new hard state, or null when it has not changed
   * @param entries contiguous, possibly empty; they replace whatever stood at the first one's index
   *     and after it
   * @param after messages that may be sent once the batch is durable; they come back unchanged
   */
  record Persist(HardState hardState, List<Entry> entries, List<Message> after)
      implements LogCommand {
    public Persist {
      entries = List.copyOf(entries);
      after = List.copyOf(after);
    }
  }

  /**
   * The state up to {@code index} is in a durable snapshot: entries up to there are only kept for
   * slow followers, within the bounds of {@link LogSettings}. There is no answer; an index that is
   * already compacted changes nothing.
   *
   * @param index the last entry the snapshot contains; the log must hold it, with this term
   * @param membership the membership as of that entry
   */
  record Compact(long index, long term, ConfState membership) implements LogCommand {
    public Compact {
      Objects.requireNonNull(membership);
    }
  }

  /**
   * A snapshot received from a leader replaces the whole log, then {@link LogReply.Flushed} names
   * its position.
   *
   * @param index the last entry the snapshot contains; the log goes on at the next one
   * @param membership the membership as of that entry
   * @param after messages that may be sent once this is durable
   */
  record InstallSnapshot(long index, long term, ConfState membership, List<Message> after)
      implements LogCommand {
    public InstallSnapshot {
      Objects.requireNonNull(membership);
      after = List.copyOf(after);
    }
  }
}
