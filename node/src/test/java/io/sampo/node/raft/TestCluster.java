package io.sampo.node.raft;

import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Members, the messages between them, and the invariants that hold after every step. */
final class TestCluster {
  final SortedMap<Long, TestMember> members = new TreeMap<>();
  final Deque<Message> network = new ArrayDeque<>();
  final RaftChecks checks = new RaftChecks();
  private final Set<List<Long>> cut = new HashSet<>();
  private final Map<Long, RoleName> roles = new HashMap<>();
  private final Map<Long, Long> applied = new HashMap<>();
  private final Consumer<String> transcript;

  TestCluster(Consumer<String> transcript) {
    this.transcript = transcript;
  }

  TestMember add(RaftSettings settings, long seed) {
    TestMember member = new TestMember(settings, seed);
    members.put(member.id, member);
    return member;
  }

  TestMember member(long id) {
    return members.get(id);
  }

  /** Cuts the link both ways. */
  void cut(long one, long other) {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  void cutOneWay(long from, long to) {
    cut.add(List.of(from, to));
  }

  void isolate(long id) {
    members.keySet().stream().filter(other -> other != id).forEach(other -> cut(id, other));
  }

  void heal() {
    cut.clear();
  }

  boolean isCut(Message message) {
    return cut.contains(List.of(message.getFrom(), message.getTo()));
  }

  /** Takes what a member has sent since the last time, and checks everything. */
  void collect(TestMember member) {
    for (Message message : member.takeSent()) {
      network.add(message.getType() == MessageType.MsgSnap ? member.withState(message) : message);
    }
    say(member);
    checks.after(member);
  }

  private void say(TestMember member) {
    if (roles.put(member.id, member.status.role()) != member.status.role()) {
      transcript.accept("  " + Transcript.line(member.status));
    }
    long told = applied.getOrDefault(member.id, 0L);
    for (Entry entry : member.applied.tailMap(told, false).values()) {
      transcript.accept("  " + member.id + " applies " + Transcript.line(entry));
      applied.put(member.id, entry.getIndex());
    }
  }

  void deliver(Message message) {
    boolean lost = isCut(message) || !members.containsKey(message.getTo());
    transcript.accept("  " + Transcript.line(message) + (lost ? "  LOST" : ""));
    if (lost) {
      return;
    }
    TestMember to = members.get(message.getTo());
    to.run(new RaftCommand.Receive(message));
    collect(to);
  }

  /** Lets everything happen, in a fixed order, until nothing is left to do. */
  void settle() {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (TestMember member : members.values()) {
        moved |= drain(member);
      }
      List<Message> arriving = new ArrayList<>(network);
      network.clear();
      arriving.forEach(this::deliver);
      moved |= !arriving.isEmpty();
    }
  }

  private boolean drain(TestMember member) {
    boolean moved = false;
    while (member.hasWork()) {
      moved = true;
      while (member.runMailbox()) {
        collect(member);
      }
      var write = member.write();
      if (write != null) {
        transcript.accept("  " + member.id + " writes " + Transcript.line(write));
      }
      collect(member);
    }
    collect(member);
    return moved;
  }

  void tick(long id, int times) {
    for (int i = 0; i < times; i++) {
      members.get(id).tick();
      collect(members.get(id));
      settle();
    }
  }

  TestMember leader() {
    return members.values().stream()
        .filter(member -> member.status.isLeader())
        .reduce((one, other) -> one.status.term() > other.status.term() ? one : other)
        .orElse(null);
  }
}
