package io.sampo.node.peer;

import io.sampo.node.state.membership.MemberIds;
import io.sampo.persistence.disk.SpaceLimit;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.protocol.raftpb.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states that leaders have sent, one file each, named by index as in etcd: {@code
 * <index>.snap.db}. A file has its name only when it is whole, durable and a bbolt file.
 */
public final class ReceivedSnapshots implements SnapshotReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(ReceivedSnapshots.class);

  /** Every state has this bucket. */
  private static final String KEYS = "key";

  private final Path directory;
  private final SpaceLimit.Disk disk;
  private final Executor blocking;
  private final Materializer materializer;

  /**
   * @param directory exists; holds files of this class only
   * @param disk the directory's
   * @param blocking where files may be waited for
   */
  public ReceivedSnapshots(
      Path directory, SpaceLimit.Disk disk, Executor blocking, Materializer materializer) {
    this.directory = directory;
    this.disk = disk;
    this.blocking = blocking;
    this.materializer = materializer;
  }

  /** Where the state of a received message is. Whoever has taken it over moves or deletes it. */
  public Path file(long index) {
    return directory.resolve("%016x.snap.db".formatted(index));
  }

  @Override
  public CompletionStage<Kept> receive(
      Message message, OptionalLong announcedBytes, Source<ByteString, NotUsed> database) {
    Path target = file(message.getSnapshot().getMetadata().getIndex());
    Path temporary =
        target.resolveSibling(
            target.getFileName() + "." + MemberIds.format(message.getFrom()) + ".tmp");
    return database
        .via(new SpaceLimit(disk, announcedBytes))
        .runWith(FileIO.toPath(temporary), materializer)
        .thenApplyAsync(written -> finish(message, temporary, target), blocking)
        .whenCompleteAsync(
            (bytes, failure) -> {
              if (failure != null) {
                delete(temporary);
              }
            },
            blocking)
        .thenApply(Kept::aside);
  }

  private static long finish(Message message, Path temporary, Path target) {
    try {
      long bytes = Files.size(temporary);
      StateDigest.check(message, temporary);
      check(temporary);
      try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        file.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static void check(Path file) throws IOException {
    try (BboltReader reader = BboltReader.open(file)) {
      if (!reader.bucketNames().contains(KEYS)) {
        throw new IOException("a snapshot without keys");
      }
    }
  }

  /** What cannot be deleted is in nobody's way; the next start tries again. */
  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("path", file)
          .addKeyValue("error", e.toString())
          .log("failed to delete a received snapshot; it is left");
    }
  }
}
