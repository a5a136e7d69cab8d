package io.sampo.node.raft;

import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A disk that forgets nothing it has confirmed, and everything else. */
final class FakeLog {
  HardState hardState = HardState.INITIAL;
  long prefixIndex;
  long prefixTerm;
  long snapshotIndex;
  ConfState membership = ConfState.getDefaultInstance();
  final List<Entry> entries = new ArrayList<>();

  LogState state() {
    return new LogState(hardState, prefixIndex, prefixTerm, snapshotIndex, membership, entries);
  }

  /** Makes a command durable. Returns what the log says then, null for nothing. */
  LogReply apply(LogCommand command) {
    if (command instanceof LogCommand.Persist persist) {
      return persist(persist);
    }
    if (command instanceof LogCommand.InstallSnapshot install) {
      entries.clear();
      prefixIndex = install.index();
      prefixTerm = install.term();
      snapshotIndex = install.index();
      membership = install.membership();
      return new LogReply.Flushed(install.term(), install.index(), install.after());
    }
    LogCommand.Compact compact = (LogCommand.Compact) command;
    if (compact.index() > prefixIndex) {
      prefixTerm = entries.get((int) (compact.index() - prefixIndex - 1)).getTerm();
      entries.subList(0, (int) (compact.index() - prefixIndex)).clear();
      prefixIndex = compact.index();
      snapshotIndex = compact.index();
      membership = compact.membership();
    }
    return null;
  }

  private LogReply persist(LogCommand.Persist persist) {
    if (persist.hardState() != null) {
      hardState = persist.hardState();
    }
    if (persist.entries().isEmpty()) {
      return new LogReply.Flushed(0, 0, persist.after());
    }
    int kept = (int) (persist.entries().get(0).getIndex() - prefixIndex - 1);
    if (kept < 0 || kept > entries.size()) {
      throw new IllegalStateException("a gap in the log");
    }
    entries.subList(kept, entries.size()).clear();
    entries.addAll(persist.entries());
    Entry last = persist.entries().get(persist.entries().size() - 1);
    return new LogReply.Flushed(last.getTerm(), last.getIndex(), persist.after());
  }

  /** As an actor that confirms at once. */
  Behavior<LogCommand> behavior(ActorRef<LogReply> owner) {
    return Behaviors.setup(
        context -> {
          owner.tell(new LogReply.Recovered(state()));
          return Behaviors.receiveMessage(
              command -> {
                LogReply reply = apply(command);
                if (reply != null) {
                  owner.tell(reply);
                }
                return Behaviors.same();
              });
        });
  }
}
