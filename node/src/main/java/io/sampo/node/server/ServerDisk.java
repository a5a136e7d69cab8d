package io.sampo.node.server;

import com.typesafe.config.Config;
import io.sampo.node.boot.NodeConfig;
import io.sampo.persistence.datadir.DataDirectory;
import io.sampo.persistence.datadir.Identity;
import io.sampo.persistence.log.JournalSettings;
import io.sampo.persistence.log.LevelDbJournal;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.snapshot.SnapshotStore;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The data directory of a node, from its lock to its journal. */
final class ServerDisk {
  private final NodeConfig config;
  private final DataDirectory directory;
  private final JournalSettings journal;

  private ServerDisk(NodeConfig config, DataDirectory directory) {
    this.config = config;
    this.directory = directory;
    this.journal =
        JournalSettings.of(
            directory.journal(), !config.storage().unsafeNoFsync(), directory.nativeLibraries());
  }

  /** Locks the directory, which is made if there is none. */
  static ServerDisk open(NodeConfig config) throws IOException {
    return new ServerDisk(config, DataDirectory.open(config.dataDir(), config.walDir()));
  }

  /** Whose data this is; empty before the log's first write. */
  Optional<Identity> identity() {
    return directory.identity();
  }

  /**
   * The settings of an actor system whose journal is here.
   *
   * @throws IOException if the journal cannot be opened
   */
  Config journal() throws IOException {
    LevelDbJournal.check(journal);
    return LevelDbJournal.config(journal);
  }

  /** What a member needs of it. */
  MemberSetup.Disk member(LongSupplier nanoTime) throws IOException {
    return new MemberSetup.Disk(
        LogSettings.defaults(journal.directory().toString())
            .withCatchUpEntries(config.storage().snapshotCatchUpEntries())
            .withHistoryExpected(identity().isPresent())
            .withFreeBytes(LevelDbJournal.freeBytes(journal)),
        SnapshotStore.open(directory.snapshots(), nanoTime),
        directory.received());
  }

  /** Makes durable whose data this is. */
  void establish(Identity identity) {
    directory.establish(identity);
  }

  void close() {
    directory.close();
  }
}
