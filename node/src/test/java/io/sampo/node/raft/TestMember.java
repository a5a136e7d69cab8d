package io.sampo.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.RaftEnvironment.SnapshotToInstall;
import io.sampo.node.raft.core.LogTail;
import io.sampo.node.raft.core.Membership;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.protocol.raftpb.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.internal.InterceptorImpl;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One member whose every step is taken by the test: the real actor's behaviours, a fake disk, and a
 * state machine that is the list of what it applied.
 */
final class TestMember {
  final long id;
  final FakeLog disk = new FakeLog();

  /** Everything ever applied, by index; survives crashes only as far as the state's snapshot. */
  final TreeMap<Long, Entry> applied = new TreeMap<>();

  Membership membership = Membership.EMPTY;
  RaftStatus status;

  /** Its disk stands still: nothing that is written becomes durable. */
  boolean stalled;

  final RaftMetrics metrics =
      new RaftMetrics(new MetricsRegistry(), () -> status, () -> 0, Duration.ofMillis(100));

  private final Deque<LogCommand> writes = new ArrayDeque<>();
  private final List<Message> sent = new ArrayList<>();
  private final TestInbox<CommittedEntries> committed = TestInbox.create();
  private final TestInbox<SnapshotToInstall> installs = TestInbox.create();
  final TestInbox<LeadershipChange> leadership = TestInbox.create();
  private final RaftSettings settings;
  private final Random random;
  private RaftSettings.Restored snapshot = RaftSettings.Restored.NOTHING;
  private BehaviorTestKit<RaftCommand> kit;
  private final Deque<RaftCommand> mailbox = new ArrayDeque<>();

  TestMember(RaftSettings settings, long seed) {
    this.id = settings.memberId();
    this.settings = settings;
    this.random = new Random(seed);
    start();
  }

  /** Starts, or starts again after a power cut: all that is left is the disk. */
  void start() {
    writes.clear();
    sent.clear();
    mailbox.clear();
    committed.getAllReceived();
    installs.getAllReceived();
    applied.tailMap(snapshot.index(), false).clear();
    membership = Membership.of(snapshot.membership());
    RaftEnvironment environment =
        new RaftEnvironment(
            owner -> Behaviors.ignore(),
            committed.getRef()::tell,
            installs.getRef()::tell,
            leadership.getRef()::tell,
            sent::add,
            newStatus -> status = newStatus,
            () -> {},
            metrics,
            random,
            RaftRules.STANDARD);
    kit = BehaviorTestKit.create(RaftActor.create(settings.withRestored(snapshot), environment));
    run(new RaftCommand.LogReplied(new LogReply.Recovered(disk.state())));
  }

  /** Starts again with a snapshot that became durable meanwhile. */
  void startWith(RaftSettings.Restored durable) {
    snapshot = durable;
    start();
  }

  /** Has the actor take one message. */
  void run(RaftCommand command) {
    kit.run(command);
    kit.getAllEffects();
    kit.clearLog();
    mailbox.addAll(kit.selfInbox().getAllReceived());
    writes.addAll(kit.<LogCommand>childInbox("log").getAllReceived());
    committed.getAllReceived().forEach(this::apply);
    installs.getAllReceived().forEach(this::install);
  }

  void tick() {
    run(RaftCommand.Signal.TICK);
  }

  void propose(String data) {
    run(new RaftCommand.Propose(data.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** What the actor told itself. Returns false if there is nothing. */
  boolean runMailbox() {
    RaftCommand next = mailbox.pollFirst();
    if (next != null) {
      run(next);
    }
    return next != null;
  }

  boolean hasWork() {
    return !mailbox.isEmpty() || (!stalled && !writes.isEmpty());
  }

  /** Makes the oldest write durable. Returns it, or null. */
  LogCommand write() {
    LogCommand next = stalled ? null : writes.pollFirst();
    if (next != null) {
      LogReply reply = disk.apply(next);
      if (reply != null) {
        run(new RaftCommand.LogReplied(reply));
      }
    }
    return next;
  }

  List<Message> takeSent() {
    List<Message> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  Role role() {
    Behavior<?> behavior = kit.currentBehavior();
    // Timers wrap the behaviour.
    while (behavior instanceof InterceptorImpl<?, ?> wrapper) {
      behavior = wrapper.nestedBehavior();
    }
    return (Role) behavior;
  }

  LogTail tail() {
    return role().context.tail;
  }

  /** A durable snapshot of the state machine, and the log may go. */
  void takeSnapshot() {
    if (applied.isEmpty() || applied.lastKey() <= snapshot.index()) {
      return;
    }
    Entry last = applied.lastEntry().getValue();
    snapshot = new RaftSettings.Restored(last.getIndex(), last.getTerm(), membership.toConfState());
    run(new RaftCommand.SnapshotTaken(snapshot.index(), snapshot.term(), snapshot.membership()));
  }

  private void apply(CommittedEntries batch) {
    List<RaftCommand> told = new ArrayList<>();
    for (Entry entry : batch.entries()) {
      if (!applied.isEmpty() && entry.getIndex() <= applied.lastKey()) {
        continue;
      }
      applied.put(entry.getIndex(), entry);
      if (entry.getType() == EntryType.EntryConfChange) {
        membership = MembershipChange.apply(membership, changeIn(entry.getData()));
        told.add(new RaftCommand.ConfChangeApplied(entry.getIndex(), membership.toConfState()));
      }
    }
    told.add(new RaftCommand.Applied(applied.lastKey()));
    mailbox.addAll(told);
  }

  private static ConfChange changeIn(ByteString data) {
    try {
      return ConfChange.parseFrom(data);
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException(damaged);
    }
  }

  /** The transport of the test carries the state's entries in the snapshot's data. */
  private void install(SnapshotToInstall command) {
    var metadata = command.snapshot().getMetadata();
    applied.clear();
    try {
      for (Entry entry : Message.parseFrom(command.snapshot().getData()).getEntriesList()) {
        applied.put(entry.getIndex(), entry);
      }
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException(damaged);
    }
    membership = Membership.of(metadata.getConfState());
    snapshot =
        new RaftSettings.Restored(metadata.getIndex(), metadata.getTerm(), metadata.getConfState());
    mailbox.add(
        new RaftCommand.SnapshotInstalled(
            metadata.getIndex(), metadata.getTerm(), metadata.getConfState()));
  }

  /** What the transport adds to a MsgSnap: the state up to the metadata's index. */
  Message withState(Message message) {
    long index = message.getSnapshot().getMetadata().getIndex();
    ByteString state =
        Message.newBuilder()
            .addAllEntries(applied.headMap(index, true).values())
            .build()
            .toByteString();
    return message.toBuilder()
        .setSnapshot(message.getSnapshot().toBuilder().setData(state))
        .build();
  }
}
