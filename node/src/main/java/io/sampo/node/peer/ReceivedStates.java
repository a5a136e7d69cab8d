package io.sampo.node.peer;

import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.persistence.disk.SpaceLimit;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.protocol.raftpb.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Restores what leaders send before Raft hears of it: a state that cannot be restored is refused
 * and will be sent again, one that can is ready when Raft asks. Two leaders, an old and a new one,
 * may each send theirs before Raft asks for either. A state is kept until Raft has handled its
 * message; while two wait for that, a third is refused.
 */
public final class ReceivedStates implements SnapshotReceiver {
  private static final int MAX_WAITING = 2;

  private final ReceivedSnapshots files;
  private final StateSettings settings;
  private final LongSupplier raftApplied;
  private final Executor blocking;
  private final Materializer materializer;

  /** In the order of their coming; guarded by itself. */
  private final List<Waiting> waiting = new ArrayList<>();

  /** What Raft has asked for and does not know to be there yet. */
  private volatile long installing;

  /** Compared by identity: two leaders may send the same index. */
  private static final class Waiting {
    private final long index;
    private final StateMachine state;

    private Waiting(long index, StateMachine state) {
      this.index = index;
      this.state = state;
    }
  }

  /**
   * @param directory for the files on their way; exists
   * @param disk the directory's
   * @param raftApplied up to where Raft knows the state; nothing older is taken
   */
  public ReceivedStates(
      Path directory,
      SpaceLimit.Disk disk,
      StateSettings settings,
      LongSupplier raftApplied,
      Executor blocking,
      Materializer materializer) {
    this.files = new ReceivedSnapshots(directory, disk, blocking, materializer);
    this.settings = settings;
    this.raftApplied = raftApplied;
    this.blocking = blocking;
    this.materializer = materializer;
  }

  @Override
  public CompletionStage<Kept> receive(
      Message message, OptionalLong announcedBytes, Source<ByteString, NotUsed> database) {
    long index = message.getSnapshot().getMetadata().getIndex();
    if (raftApplied.getAsLong() < installing) {
      return drain(database)
          .thenApply(
              bytes -> {
                throw busy();
              });
    }
    if (index <= raftApplied.getAsLong()) {
      // Raft only says so; the state is not looked at.
      return drain(database).thenApply(Kept::aside);
    }
    return files
        .receive(message, announcedBytes, database)
        .thenApplyAsync(
            file -> {
              Waiting state = new Waiting(index, restore(index));
              keep(state);
              return new Kept(file.bytes(), () -> forget(state));
            },
            blocking);
  }

  private static IllegalStateException busy() {
    return new IllegalStateException("another snapshot is being installed");
  }

  private CompletionStage<Long> drain(Source<ByteString, NotUsed> database) {
    // What depends on a stream's own future would run on a thread of Java's.
    return database
        .runWith(
            Sink.<Long, ByteString>fold(0L, (bytes, piece) -> bytes + piece.size()), materializer)
        .thenApplyAsync(bytes -> bytes, blocking);
  }

  private StateMachine restore(long index) {
    Path file = files.file(index);
    try {
      StateMachine machine;
      try (BboltReader reader = BboltReader.open(file)) {
        machine = StateMachine.restore(settings, reader::forEach);
      }
      if (machine.appliedIndex() < index) {
        throw new IOException(
            "the state ends at %d, before its snapshot's %d"
                .formatted(machine.appliedIndex(), index));
      }
      return machine;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } finally {
      ReceivedSnapshots.delete(file);
    }
  }

  private void keep(Waiting state) {
    synchronized (waiting) {
      if (waiting.size() == MAX_WAITING) {
        throw busy();
      }
      waiting.add(state);
    }
  }

  private void forget(Waiting state) {
    synchronized (waiting) {
      waiting.remove(state);
    }
  }

  /** The state of the snapshot that Raft wants; empty if it has not come. */
  public Optional<StateMachine> take(long index) {
    installing = index;
    synchronized (waiting) {
      for (Waiting each : waiting) {
        if (each.index == index) {
          waiting.remove(each);
          return Optional.of(each.state);
        }
      }
      return Optional.empty();
    }
  }
}
