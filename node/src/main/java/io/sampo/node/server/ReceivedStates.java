package io.sampo.node.server;

import io.sampo.node.peer.ReceivedSnapshots;
import io.sampo.node.peer.SnapshotReceiver;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.protocol.raftpb.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Restores what leaders send before Raft hears of it: a state that cannot be restored is refused
 * and will be sent again, one that can is ready when Raft asks. At most one is kept.
 */
public final class ReceivedStates implements SnapshotReceiver {
  private final ReceivedSnapshots files;
  private final StateSettings settings;
  private final LongSupplier raftApplied;
  private final Executor blocking;
  private final Materializer materializer;
  private final AtomicReference<Restored> ready = new AtomicReference<>();

  /** What Raft has asked for and does not know to be there yet. */
  private volatile long installing;

  private record Restored(long index, StateMachine machine) {}

  /**
   * @param directory for the files on their way; exists
   * @param raftApplied up to where Raft knows the state; nothing older is taken
   */
  ReceivedStates(
      Path directory,
      StateSettings settings,
      LongSupplier raftApplied,
      Executor blocking,
      Materializer materializer) {
    this.files = new ReceivedSnapshots(directory, blocking, materializer);
    this.settings = settings;
    this.raftApplied = raftApplied;
    this.blocking = blocking;
    this.materializer = materializer;
  }

  @Override
  public CompletionStage<Long> receive(Message message, Source<ByteString, NotUsed> database) {
    long index = message.getSnapshot().getMetadata().getIndex();
    if (raftApplied.getAsLong() < installing) {
      return drain(database)
          .thenApply(
              bytes -> {
                throw new IllegalStateException("another snapshot is being installed");
              });
    }
    if (index <= raftApplied.getAsLong()) {
      // Raft only says so; the state is not looked at.
      return drain(database);
    }
    return files
        .receive(message, database)
        .thenApplyAsync(
            bytes -> {
              ready.set(new Restored(index, restore(index)));
              return bytes;
            },
            blocking);
  }

  private CompletionStage<Long> drain(Source<ByteString, NotUsed> database) {
    return database.runWith(Sink.fold(0L, (bytes, piece) -> bytes + piece.size()), materializer);
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
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** The state of the snapshot that Raft wants; empty if another has come since. */
  Optional<StateMachine> take(long index) {
    Restored restored = ready.getAndSet(null);
    installing = index;
    return restored != null && restored.index() == index
        ? Optional.of(restored.machine())
        : Optional.empty();
  }
}
