package io.sampo.node.peer;

import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.persistence.disk.SpaceLimit;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.protocol.raftpb.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * may each send theirs before Raft asks for either.
 */
public final class ReceivedStates implements SnapshotReceiver {
  private static final int MAX_READY = 2;

  private final ReceivedSnapshots files;
  private final StateSettings settings;
  private final LongSupplier raftApplied;
  private final Executor blocking;
  private final Materializer materializer;

  /** From index to state, in the order of their coming; guarded by itself. */
  private final Map<Long, StateMachine> ready = new LinkedHashMap<>();

  /** What Raft has asked for and does not know to be there yet. */
  private volatile long installing;

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
  public CompletionStage<Long> receive(
      Message message, OptionalLong announcedBytes, Source<ByteString, NotUsed> database) {
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
        .receive(message, announcedBytes, database)
        .thenApplyAsync(
            bytes -> {
              keep(index, restore(index));
              return bytes;
            },
            blocking);
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

  private void keep(long index, StateMachine machine) {
    long applied = raftApplied.getAsLong();
    synchronized (ready) {
      ready.keySet().removeIf(known -> known <= applied || known == index);
      ready.put(index, machine);
      if (ready.size() > MAX_READY) {
        // Not by index: a new leader's may be older than those of leaders that Raft never heard.
        ready.remove(ready.keySet().iterator().next());
      }
    }
  }

  /** The state of the snapshot that Raft wants; empty if it has not come. */
  public Optional<StateMachine> take(long index) {
    installing = index;
    synchronized (ready) {
      StateMachine wanted = ready.remove(index);
      ready.keySet().removeIf(known -> known < index);
      return Optional.ofNullable(wanted);
    }
  }
}
