package io.sampo.persistence.etcd;

import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.protocol.raftpb.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that a member of etcd (3.4 to 3.8) left, held until closed: its log, the snapshot that the
 * log goes on from, and the database that has everything up to some entry after that. Chosen as
 * etcd chooses them at its start; nothing is written.
 */
public final class EtcdDirectory implements AutoCloseable {
  private static final byte[] ABSENT = {};

  /** There since 3.6. */
  private static final String STORAGE_VERSION = "storageVersion";

  private final Wal wal;
  private final SnapshotPosition base;
  private final Optional<Snapshot> snapshot;
  private final Path database;
  private final long consistentIndex;

  private EtcdDirectory(
      Wal wal,
      SnapshotPosition base,
      Optional<Snapshot> snapshot,
      Path database,
      long consistentIndex) {
    this.wal = wal;
    this.base = base;
    this.snapshot = snapshot;
    this.database = database;
    this.consistentIndex = consistentIndex;
  }

  /**
   * Opens what etcd would start from.
   *
   * @param snapshots {@code member/snap}
   * @param log {@code member/wal} or {@code --wal-dir}
   * @throws EtcdFormatException if something is damaged, missing, contradicts itself or is in use
   * @throws IOException if something cannot be read
   */
  public static EtcdDirectory open(Path snapshots, Path log) throws IOException {
    Wal wal = Wal.open(log);
    try {
      List<SnapshotPosition> named = wal.summary().snapshots();
      Optional<Snapshot> snapshot =
          isWithoutFiles(named, snapshots)
              ? Optional.empty()
              : RaftSnapshots.newest(snapshots, named);
      SnapshotPosition base =
          snapshot
              .map(RaftSnapshots::position)
              .orElseGet(
                  () -> named.isEmpty() ? new SnapshotPosition(0, 0) : named.get(named.size() - 1));
      return withDatabase(wal, base, snapshot, snapshots);
    } catch (IOException | RuntimeException e) {
      try {
        wal.close();
      } catch (IOException secondFailure) {
        e.addSuppressed(secondFailure);
      }
      throw e;
    }
  }

  /**
   * etcd 3.8 makes no {@code .snap} files any more, and leaves those of the version before: they
   * are older than what the log goes on from. The versions that make them do so before the log
   * names the snapshot; but for early ones of 3.4, whose databases say no version.
   */
  private static boolean isWithoutFiles(List<SnapshotPosition> named, Path snapshots)
      throws IOException {
    Path database = snapshots.resolve("db");
    return !named.isEmpty()
        && !RaftSnapshots.exists(snapshots, named.get(named.size() - 1))
        && Files.exists(database)
        && meta(database, STORAGE_VERSION) != ABSENT;
  }

  /**
   * {@code db}, unless it ends before the snapshot: then the snapshot came from a leader, and its
   * database has not been given the name yet.
   */
  private static EtcdDirectory withDatabase(
      Wal wal, SnapshotPosition base, Optional<Snapshot> snapshot, Path snapshots)
      throws IOException {
    Path database = snapshots.resolve("db");
    Path received = snapshots.resolve("%016x.snap.db".formatted(base.index()));
    long end = Files.exists(database) ? consistentIndex(database) : -1;
    if (end < base.index() && Files.exists(received)) {
      return new EtcdDirectory(wal, base, snapshot, received, atLeast(received, base));
    }
    if (end < 0) {
      throw new EtcdFormatException(database, "the database file of the backend is missing");
    }
    return new EtcdDirectory(wal, base, snapshot, database, atLeast(database, base));
  }

  private static long atLeast(Path database, SnapshotPosition base) throws IOException {
    long end = consistentIndex(database);
    if (end < base.index()) {
      throw new EtcdFormatException(
          database,
          "the database (index %d) does not match with the snapshot (index %d)"
              .formatted(end, base.index()));
    }
    return end;
  }

  private static long consistentIndex(Path database) throws IOException {
    byte[] found = meta(database, "consistent_index");
    if (found == ABSENT) {
      return 0;
    }
    if (found.length != Long.BYTES) {
      throw new EtcdFormatException(database, "its consistent index is no number");
    }
    return ByteBuffer.wrap(found).getLong();
  }

  /** What the database says of itself under this name; {@link #ABSENT} if nothing. */
  private static byte[] meta(Path database, String name) throws IOException {
    byte[][] found = {ABSENT};
    try (BboltReader reader = BboltReader.open(database)) {
      reader.forEach(
          "meta",
          (key, value) -> {
            if (new String(key, StandardCharsets.UTF_8).equals(name)) {
              found[0] = value;
            }
          });
    }
    return found[0];
  }

  public Wal wal() {
    return wal;
  }

  /** Where the log has to be read from: after this. */
  public SnapshotPosition base() {
    return base;
  }

  /** The snapshot's file at {@link #base}; empty if there is none or none can be read. */
  public Optional<Snapshot> snapshot() {
    return snapshot;
  }

  /** A bbolt file. */
  public Path database() {
    return database;
  }

  /** The last entry that the database includes, 0 for none. */
  public long consistentIndex() {
    return consistentIndex;
  }

  @Override
  public void close() throws IOException {
    wal.close();
  }
}
