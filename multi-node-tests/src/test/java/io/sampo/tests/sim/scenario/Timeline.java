package io.sampo.tests.sim.scenario;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TextFormat;
import io.sampo.node.raft.RaftStatus;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.protocol.raftpb.Message;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.CallListener;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.kernel.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A history as lines for people; costs nothing while nobody reads. */
final class Timeline implements Observer, CallListener {
  private final World world;
  private final Consumer<String> lines;
  private long lastShown;
  private final Map<SimMember, String> roles = new HashMap<>();

  /**
   * @param lines null if nobody reads
   */
  Timeline(World world, Consumer<String> lines) {
    this.world = world;
    this.lines = lines;
  }

  void line(String kind, String text) {
    if (lines != null) {
      lines.accept("%12.6f  %-8s %s".formatted(world.nowNanos() / 1e9, kind, text));
    }
  }

  void fault(String text) {
    world.trace().add(text);
    line("FAULT", text);
  }

  @Override
  public void onStarted(SimMember member) {
    line("member", member + " starts");
  }

  @Override
  public void onEnded(SimMember member, String why) {
    line("member", member + " ends: " + why);
  }

  @Override
  public void onRecovered(SimMember member, LogState log) {
    if (lines != null) {
      line(
          "member",
          "%s recovers: %s, entries after %d to %d"
              .formatted(member, log.hardState(), log.prefixIndex(), log.lastIndex()));
    }
  }

  @Override
  public void onRaftStep(SimMember member) {
    if (lines != null) {
      RaftStatus status = member.status();
      String role = status.role() + " in term " + status.term();
      if (!role.equals(roles.put(member, role))) {
        line("role", member + " is " + role);
      }
    }
  }

  @Override
  public void onApplied(SimMember member, List<Entry> entries) {
    if (lines != null) {
      line(
          "apply",
          member
              + " applied "
              + entries.get(0).getIndex()
              + " to "
              + entries.get(entries.size() - 1).getIndex());
      entries.stream().filter(entry -> entry.getIndex() > lastShown).forEach(this::show);
    }
  }

  /** What an entry says, once. */
  private void show(Entry entry) {
    lastShown = entry.getIndex();
    MessageOrBuilder content;
    try {
      content =
          entry.getType() == EntryType.EntryNormal
              ? InternalRaftRequest.parseFrom(entry.getData())
              : ConfChange.parseFrom(entry.getData());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    line(
        "entry",
        entry.getIndex()
            + " of term "
            + entry.getTerm()
            + ": "
            + TextFormat.printer().shortDebugString(content));
  }

  @Override
  public void onSent(SimMember from, Message message) {
    if (lines != null) {
      line(
          "message",
          "%s %s to %x: term %d, index %d, log term %d, commit %d, %d entries%s"
              .formatted(
                  from,
                  message.getType(),
                  message.getTo(),
                  message.getTerm(),
                  message.getIndex(),
                  message.getLogTerm(),
                  message.getCommit(),
                  message.getEntriesCount(),
                  message.getReject() ? ", rejected" : ""));
    }
  }

  @Override
  public void onCall(Call call) {
    if (lines != null) {
      line("call", call.toString());
    }
  }
}
