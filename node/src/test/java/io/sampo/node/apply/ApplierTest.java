package io.sampo.node.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.auth.SimpleTokens;
import io.sampo.node.auth.TokenEvents;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.CommittedEntries;
import io.sampo.node.request.Consensus;
import io.sampo.node.request.SlowApplyMetrics;
import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import io.sampo.protocol.raftpb.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order who hears of what is applied, and what is done beside it. */
class ApplierTest {
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final int SLICE = 10;
  private static final int SNAPSHOT_COUNT = 100;

  /** What an actor does, it does in the call that told it. */
  private static final Config SAME_THREAD =
      ConfigFactory.parseString(
          "same-thread.type = org.apache.pekko.testkit.CallingThreadDispatcherConfigurator");

  private final ActorTestKit kit =
      ActorTestKit.create(SAME_THREAD.withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final MetricsRegistry registry = new MetricsRegistry();
  private final TestInbox<Snapshotter.Save> snapshotter = TestInbox.create();
  private final HashStorage hashes = new HashStorage();
  private final Consensus.Pending pending = Consensus.Pending.create(() -> 0, 1);
  private final StateMachine machine = new StateMachine(StateSettings.DEFAULT);
  private final PublishedState published = new PublishedState(machine.state());
  private final List<String> heard = new ArrayList<>();
  private final ActorRef<Applier.Command> applier =
      kit.spawn(
          Applier.create(
              machine,
              published,
              new Applier.Answers(
                  pending.requests(),
                  pending.changes(),
                  new TokenEvents(
                      new SimpleTokens(0, () -> 0, () -> new Random(1)), AuthTable.EMPTY)),
              snapshotter.getRef(),
              new Applier.CompactionPace(SLICE, PAUSE),
              SNAPSHOT_COUNT,
              new ApplyMetrics(registry, new SlowApplyMetrics(registry, 0), () -> 0),
              new CompactionHashes(hashes, Runnable::run),
              () -> 0),
          DispatcherSelector.fromConfig("same-thread"));

  @BeforeEach
  void subscribe() {
    applier.tell(new Applier.Subscribe(event -> hear("first " + text(event))));
    applier.tell(new Applier.Subscribe(event -> hear("second " + text(event))));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static String text(ApplyEvent event) {
    return event instanceof ApplyEvent.Applied applied
        ? "applied " + applied.index()
        : event.getClass().getSimpleName();
  }

  /** With the revision that a reader sees at this moment. */
  private void hear(String what) {
    heard.add(what + " @" + published.keys().revision());
  }

  private void begin() {
    applier.tell(Applier.Begin.INSTANCE);
  }

  private void apply(Entry... entries) {
    applier.tell(new Applier.Apply(new CommittedEntries(List.of(entries))));
  }

  private static Entry put(long index) {
    return put(index, index);
  }

  private static Entry put(long index, long requestId) {
    return entry(
        index,
        requestId,
        InternalRaftRequest.newBuilder()
            .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k"))));
  }

  private static Entry entry(long index, long requestId, InternalRaftRequest.Builder request) {
    request.setHeader(RequestHeader.newBuilder().setID(requestId));
    return Entry.newBuilder()
        .setIndex(index)
        .setTerm(1)
        .setData(request.build().toByteString())
        .build();
  }

  private static Entry compaction(long index, long revision) {
    return entry(
        index,
        index,
        InternalRaftRequest.newBuilder()
            .setCompaction(CompactionRequest.newBuilder().setRevision(revision).setPhysical(true)));
  }

  private void await(long requestId) {
    pending
        .requests()
        .register(requestId, ReplyTo.of(result -> hear("answered " + requestId), why -> {}));
  }

  @Test
  void whoHasAnAnswerReadsItsWriteAndSubscribersHaveHeardOfItBefore() {
    begin();
    await(1);
    await(2);
    apply(put(1), put(2));
    assertEquals(
        List.of("first applied 2 @3", "second applied 2 @3", "answered 1 @3", "answered 2 @3"),
        heard);
  }

  @Test
  void whatComesBeforeTheBeginWaitsForIt() {
    apply(put(1));
    assertEquals(List.of(), heard);
    assertEquals(0, published.get().appliedIndex());
    begin();
    assertEquals(List.of("first applied 1 @2", "second applied 1 @2"), heard);
  }

  @Test
  void whatWasAppliedIsSkipped() {
    begin();
    apply(put(1), put(2));
    heard.clear();
    apply(put(1), put(2));
    assertEquals(List.of(), heard);
    apply(put(2), put(3));
    assertEquals(List.of("first applied 3 @4", "second applied 3 @4"), heard);
    assertEquals(3, published.get().appliedIndex());
  }

  @Test
  void aLeadersStateIsTakenOnlyIfItIsNewer() {
    begin();
    apply(put(1), put(2));
    heard.clear();
    StateMachine older = new StateMachine(StateSettings.DEFAULT);
    older.applyEmpty(1, 1);
    applier.tell(new Applier.Install(older));
    assertEquals(2, published.get().appliedIndex());
    assertEquals(List.of(), heard);
    Snapshotter.Save save = snapshotter.receiveMessage();
    assertEquals(2, save.state().appliedIndex(), "Raft waits for what is durable in its place");
    save.replyTo().tell(new Snapshotter.Ended(save, true));
    assertEquals(List.of("first ReplacementDurable @3", "second ReplacementDurable @3"), heard);
  }

  private double slices() {
    return MetricsPage.value(
        registry, "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds_count");
  }

  /** Whoever waits for the physical compaction is answered behind its last slice. */
  @Test
  void aCompactionGoesInSlicesOfItsPace() {
    begin();
    int puts = 3 * SLICE;
    apply(IntStream.rangeClosed(1, puts).mapToObj(ApplierTest::put).toArray(Entry[]::new));
    await(puts + 1);
    apply(compaction(puts + 1, puts + 1));
    assertEquals(puts + 1, published.keys().compactRevision(), "at once for readers");
    assertEquals(puts + 1, hashes.hashes().get(0).revision());
    heard.clear();
    int pauses = 0;
    while (heard.isEmpty()) {
      assertEquals(++pauses, slices());
      assertTrue(pauses < puts, "it does not end");
      time.timePasses(PAUSE.minusMillis(1));
      assertEquals(pauses, slices());
      time.timePasses(Duration.ofMillis(1));
    }
    assertEquals(List.of("answered " + (puts + 1) + " @" + (puts + 1)), heard);
    assertEquals((puts - 1) / SLICE, pauses);
  }

  /** Simulator, seed 1171510: the new state had removed fewer versions than the old one. */
  @Test
  void aStateThatReplacesOursInTheMidstOfACompactionIsCompactedOn() {
    begin();
    apply(put(1), put(2), put(3), compaction(4, 3));
    assertEquals(1, value("etcd_debugging_mvcc_db_compaction_keys_total"));
    int puts = 3 * SLICE;
    apply(IntStream.rangeClosed(5, 4 + puts).mapToObj(ApplierTest::put).toArray(Entry[]::new));
    await(puts + 4);
    apply(compaction(puts + 5, puts + 3));
    StateMachine sent = new StateMachine(StateSettings.DEFAULT);
    sent.applyEmpty(puts + 9, 1);
    applier.tell(new Applier.Install(sent));
    for (int pauses = 0; pauses < puts; pauses++) {
      time.timePasses(PAUSE);
    }
    assertEquals(1, value("etcd_debugging_mvcc_db_compaction_keys_total"));
    heard.clear();
    apply(put(puts + 10));
    assertEquals("first applied " + (puts + 10) + " @2", heard.get(0));
  }

  @Test
  void aCompactionIsCountedOnceWithWhatItRemoved() {
    begin();
    apply(put(1), put(2), put(3));
    apply(compaction(4, 3));
    assertEquals(1, slices());
    assertEquals(1, value("etcd_debugging_mvcc_db_compaction_keys_total"));
    assertEquals(
        1, value("etcd_debugging_mvcc_index_compaction_pause_duration_milliseconds_count"));
    assertEquals(1, value("etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count"));
  }

  /** As in etcd, whose store has them already and which times them as something unknown. */
  @Test
  void whatTheLogHeldAtTheStartIsNotCountedAgain() {
    begin();
    applier.tell(
        new Applier.Apply(
            new CommittedEntries(List.of(put(1), put(2), compaction(3, 3), put(4)), 3)));
    assertEquals(1, value("etcd_mvcc_put_total"));
    assertEquals(0, slices());
    assertEquals(0, value("etcd_debugging_mvcc_db_compaction_keys_total"));
    assertEquals(3, applied("unknown", true));
    assertEquals(1, applied("Put", true));
  }

  @Test
  void aRevisionThatIsCompactedAlreadyIsASuccess() {
    begin();
    apply(put(1), compaction(2, 2), compaction(3, 2), compaction(4, 9));
    assertEquals(2, applied("Compaction", true));
    assertEquals(1, applied("Compaction", false));
  }

  private double applied(String operation, boolean success) {
    return value(
        "etcd_server_apply_duration_seconds_count{op=\"%s\",success=\"%s\",version=\"v3\"}"
            .formatted(operation, success));
  }

  private double value(String series) {
    return MetricsPage.value(registry, series);
  }

  @Test
  void appliesGoOnBetweenTheSlices() {
    begin();
    apply(IntStream.rangeClosed(1, 25).mapToObj(ApplierTest::put).toArray(Entry[]::new));
    apply(compaction(26, 26));
    heard.clear();
    await(27);
    apply(put(27));
    assertTrue(heard.contains("answered 27 @27"), heard.toString());
  }

  /** Entries that add nothing to the state, so that the log soon outweighs it. */
  private void applyEmpty(long from, long to) {
    apply(
        LongStream.rangeClosed(from, to)
            .mapToObj(index -> Entry.newBuilder().setIndex(index).setTerm(1).build())
            .toArray(Entry[]::new));
  }

  @Test
  void aSnapshotIsAskedForWhenItIsDueAndOnlyOneAtATime() {
    begin();
    applyEmpty(1, SNAPSHOT_COUNT - 1);
    assertFalse(snapshotter.hasMessages());
    applyEmpty(SNAPSHOT_COUNT, SNAPSHOT_COUNT);
    Snapshotter.Save first = snapshotter.receiveMessage();
    assertEquals(SNAPSHOT_COUNT, first.state().appliedIndex());
    applyEmpty(SNAPSHOT_COUNT + 1, 3 * SNAPSHOT_COUNT);
    assertFalse(snapshotter.hasMessages(), "one at a time");
    heard.clear();
    end(first, true);
    assertEquals(List.of("first SnapshotTaken @1", "second SnapshotTaken @1"), heard);
    long next = 3 * SNAPSHOT_COUNT + 1;
    applyEmpty(next, next);
    assertEquals(next, snapshotter.receiveMessage().state().appliedIndex());
  }

  @Test
  void nobodyHearsOfASnapshotThatFailedAndTheNextOneIsTriedWhenDue() {
    begin();
    applyEmpty(1, SNAPSHOT_COUNT);
    Snapshotter.Save failed = snapshotter.receiveMessage();
    heard.clear();
    end(failed, false);
    assertEquals(List.of(), heard);
    applyEmpty(SNAPSHOT_COUNT + 1, 2 * SNAPSHOT_COUNT - 1);
    assertFalse(snapshotter.hasMessages());
    applyEmpty(2 * SNAPSHOT_COUNT, 2 * SNAPSHOT_COUNT);
    assertEquals(2 * SNAPSHOT_COUNT, snapshotter.receiveMessage().state().appliedIndex());
  }

  private static void end(Snapshotter.Save save, boolean durable) {
    save.replyTo().tell(new Snapshotter.Ended(save, durable));
  }
}
