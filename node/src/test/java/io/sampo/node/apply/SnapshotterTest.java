package io.sampo.node.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.persistence.snapshot.SnapshotDisk;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.persistence.snapshot.SnapshotVerifier;
import io.sampo.persistence.snapshot.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What becomes of states that are to be saved. */
class SnapshotterTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(Snapshotter.class);
  private static final String SAVED = "etcd_debugging_snap_save_total_duration_seconds_count";
  private static final String RECEIVED = "etcd_snap_db_save_total_duration_seconds_count";

  @TempDir Path directory;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final TestInbox<Snapshotter.Ended> ended = TestInbox.create();
  private final MetricsRegistry registry = new MetricsRegistry();
  private final StateMachine machine = new StateMachine(StateSettings.DEFAULT);
  private boolean diskIsFull;
  private SnapshotStore store;
  private BehaviorTestKit<Snapshotter.Save> snapshotter;

  @BeforeEach
  void open() throws IOException {
    lines.start();
    LOG.addAppender(lines);
    store = SnapshotStore.open(directory, () -> 0, disk());
    snapshotter =
        BehaviorTestKit.create(Snapshotter.create(store, 2, new SnapshotMetrics(registry)));
  }

  @AfterEach
  void leave() {
    LOG.detachAppender(lines);
  }

  private SnapshotDisk disk() {
    SnapshotDisk real = SnapshotDisk.real();
    return new SnapshotDisk() {
      @Override
      public Output create(Path file) throws IOException {
        if (diskIsFull) {
          throw new IOException("No space left on device");
        }
        return real.create(file);
      }

      @Override
      public long usableBytes(Path path) {
        return Long.MAX_VALUE;
      }

      @Override
      public void forceDirectory(Path path) throws IOException {
        real.forceDirectory(path);
      }
    };
  }

  private Snapshotter.Ended save(long index) {
    return save(index, false);
  }

  private Snapshotter.Ended save(long index, boolean received) {
    machine.applyEmpty(index, 3);
    NodeState state = machine.state();
    snapshotter.run(new Snapshotter.Save(state, received, ended.getRef()));
    Snapshotter.Ended end = ended.receiveMessage();
    assertSame(state, end.save().state());
    return end;
  }

  private List<Long> indexes() throws IOException {
    return store.list().stream().map(snapshot -> snapshot.id().index()).toList();
  }

  @Test
  void whatIsSaidToBeDurableIsAWholeFileOfThatTermAndIndex() throws IOException {
    assertTrue(save(7).durable());
    StoredSnapshot saved = store.list().get(0);
    assertEquals(7, saved.id().index());
    assertEquals(3, saved.id().term());
    SnapshotVerifier.verify(saved.path());
    assertEquals(1, MetricsPage.value(registry, SAVED));
    assertEquals(0, MetricsPage.value(registry, RECEIVED));
  }

  @Test
  void aLeadersStateCountsAsReceivedToo() {
    assertTrue(save(7, true).durable());
    assertEquals(1, MetricsPage.value(registry, SAVED));
    assertEquals(1, MetricsPage.value(registry, RECEIVED));
    assertEquals(1, MetricsPage.value(registry, "etcd_snap_db_fsync_duration_seconds_count"));
  }

  @Test
  void onlyTheNewestAreRetained() throws IOException {
    for (long index = 1; index <= 4; index++) {
      assertTrue(save(index).durable());
    }
    assertEquals(List.of(4L, 3L), indexes());
  }

  /** The log is still whole, so the node goes on, and so do its snapshots. */
  @Test
  void whatCannotBeSavedIsSaidAndTheNextOneIsTried() throws IOException {
    save(1);
    diskIsFull = true;
    assertEquals(false, save(2).durable());
    ILoggingEvent line = lines.list.get(lines.list.size() - 1);
    assertEquals(Level.ERROR, line.getLevel());
    assertEquals("failed to save snapshot", line.getMessage());
    assertTrue(line.getKeyValuePairs().toString().contains("No space left on device"));
    assertEquals(List.of(1L), indexes());
    assertEquals(1, MetricsPage.value(registry, SAVED));
    assertTrue(snapshotter.isAlive());
    diskIsFull = false;
    assertTrue(save(3).durable());
  }
}
