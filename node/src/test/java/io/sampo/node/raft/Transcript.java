package io.sampo.node.raft;

import io.sampo.node.raft.core.TermRule;
import io.sampo.persistence.log.LogCommand;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.protocol.raftpb.Message;
import java.util.List;
import java.util.stream.Collectors;

/** How messages look in a golden transcript. Positions are term/index. */
final class Transcript {
  private Transcript() {}

  static String line(Message message) {
    StringBuilder line = new StringBuilder();
    line.append(message.getFrom()).append(" -> ").append(message.getTo());
    line.append(' ').append(message.getType());
    if (message.getTerm() != 0) {
      line.append(" term ").append(message.getTerm());
    }
    switch (message.getType()) {
      case MsgVote, MsgPreVote -> line.append(" last ").append(position(message));
      case MsgApp ->
          line.append(" after ")
              .append(position(message))
              .append(' ')
              .append(entries(message.getEntriesList()))
              .append(" commit ")
              .append(message.getCommit());
      case MsgAppResp -> {
        line.append(" index ").append(message.getIndex());
        if (message.getReject()) {
          line.append(" hint ")
              .append(message.getLogTerm())
              .append('/')
              .append(message.getRejectHint());
        }
      }
      case MsgHeartbeat -> line.append(" commit ").append(message.getCommit());
      case MsgReadIndexResp -> line.append(" index ").append(message.getIndex());
      case MsgSnap -> {
        var metadata = message.getSnapshot().getMetadata();
        line.append(" of ").append(metadata.getTerm()).append('/').append(metadata.getIndex());
      }
      case MsgProp -> line.append(' ').append(entries(message.getEntriesList()));
      default -> {}
    }
    if (message.getReject()) {
      line.append(" REJECTED");
    }
    if (!message.getContext().isEmpty()) {
      boolean transfer = message.getContext().equals(TermRule.CAMPAIGN_TRANSFER);
      line.append(transfer ? " by transfer" : " read " + message.getContext().byteAt(0));
    }
    return line.toString();
  }

  static String line(RaftStatus status) {
    return status.memberId() + " is " + status.role() + " in term " + status.term();
  }

  static String line(Entry entry) {
    String what = entry.getData().isEmpty() ? "" : "=" + entry.getData().toStringUtf8();
    if (entry.getType() == EntryType.EntryConfChange) {
      what = "=change";
    }
    return entry.getTerm() + "/" + entry.getIndex() + what;
  }

  static String line(LogCommand command) {
    if (command instanceof LogCommand.Persist persist) {
      String state =
          persist.hardState() == null
              ? ""
              : "term " + persist.hardState().term() + " vote " + persist.hardState().vote() + " ";
      return state + entries(persist.entries());
    }
    if (command instanceof LogCommand.InstallSnapshot install) {
      return "snapshot " + install.term() + "/" + install.index();
    }
    LogCommand.Compact compact = (LogCommand.Compact) command;
    return "compaction to " + compact.term() + "/" + compact.index();
  }

  private static String position(Message message) {
    return message.getLogTerm() + "/" + message.getIndex();
  }

  private static String entries(List<Entry> entries) {
    return entries.stream().map(Transcript::line).collect(Collectors.joining(" ", "[", "]"));
  }
}
