package io.sampo.node.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sampo.node.member.ClusterVersionRule;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.state.DatabaseOrigin;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.MembershipRules;
import io.sampo.node.state.membership.V2Membership;
import io.sampo.persistence.datadir.DataDirectory;
import io.sampo.persistence.datadir.DataDirectoryException;
import io.sampo.persistence.datadir.Identity;
import io.sampo.persistence.datadir.Takeover;
import io.sampo.persistence.etcd.EtcdDirectory;
import io.sampo.persistence.etcd.WalSummary;
import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.JournalSettings;
import io.sampo.persistence.log.JournalUnusableException;
import io.sampo.persistence.log.LevelDbJournal;
import io.sampo.persistence.log.LogSession;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.persistence.snapshot.SnapshotId;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.protocol.raftpb.ConfState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what etcd left: the database up to its last entry becomes a snapshot, the entries that
 * its log holds become a journal, and both take the place of etcd's files, which are set aside.
 * What is after the database in the log, committed or not, is applied by the node as ever.
 *
 * <p>Everything is read before anything of etcd's is moved, so what cannot be read is refused with
 * the directory as it was.
 */
public final class EtcdAdoption {
  /** Where etcd says since 3.6 which version's form its database has. */
  private static final String STORAGE_VERSION = "storageVersion";

  private static final Logger LOG = LoggerFactory.getLogger(EtcdAdoption.class);

  private final Path dataDirectory;
  private final Takeover takeover;
  private final AdoptionSettings settings;

  private EtcdAdoption(Path dataDirectory, Takeover takeover, AdoptionSettings settings) {
    this.dataDirectory = dataDirectory;
    this.takeover = takeover;
    this.settings = settings;
  }

  /**
   * Takes a directory over if that is due.
   *
   * @throws DataDirectoryException if it cannot be, in one line; nothing was changed
   */
  public static void runIfDue(
      Path dataDirectory, Optional<Path> walDirectory, AdoptionSettings settings)
      throws InterruptedException {
    if (Takeover.isPending(dataDirectory, walDirectory)) {
      DataDirectory.open(dataDirectory, walDirectory).close();
    }
    if (!Takeover.isDue(dataDirectory, walDirectory)) {
      return;
    }
    try (Takeover takeover = Takeover.begin(dataDirectory, walDirectory)) {
      new EtcdAdoption(dataDirectory, takeover, settings).run();
    }
  }

  private void run() throws InterruptedException {
    LOG.atInfo()
        .addKeyValue("data-dir", dataDirectory)
        .addKeyValue("log", takeover.etcdLog())
        .log("taking over a data directory that etcd left");
    Identity identity;
    try (EtcdDirectory etcd = EtcdDirectory.open(takeover.etcdSnapshots(), takeover.etcdLog())) {
      identity = convert(etcd);
    } catch (IOException | IllegalArgumentException | JournalUnusableException e) {
      throw refused(e);
    } catch (UncheckedIOException e) {
      throw refused(e.getCause());
    }
    Path aside = takeover.commit(identity);
    LOG.atInfo()
        .addKeyValue("local-member-id", Long.toHexString(identity.memberId()))
        .addKeyValue("cluster-id", Long.toHexString(identity.clusterId()))
        .addKeyValue("etcd-files", aside)
        .log("took over a data directory of etcd");
  }

  private DataDirectoryException refused(Exception cause) {
    return new DataDirectoryException(
        "cannot take over the data directory "
            + dataDirectory
            + " of etcd: "
            + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
        cause);
  }

  private Identity convert(EtcdDirectory etcd) throws IOException, InterruptedException {
    WalSummary summary = etcd.wal().summary();
    summary
        .tornTail()
        .ifPresent(
            torn -> LOG.atWarn().addKeyValue("cut", torn).log("the log's last write is torn"));
    LogPosition base = new LogPosition(etcd.base().term(), etcd.base().index());
    Optional<ClusterState> fromSnapshot = members(etcd);
    boolean membersKnown = base.index() == 0 || fromSnapshot.isPresent();
    LogSurvey survey =
        new LogSurvey(
            base,
            membersKnown ? Optional.of(fromSnapshot.orElse(ClusterState.EMPTY)) : Optional.empty(),
            etcd.consistentIndex(),
            settings.catchUpEntries(),
            new MembershipRules(settings.state().maxLearners()));
    etcd.wal().entriesAfter(base.index(), survey);
    check(summary, etcd.consistentIndex(), survey);
    saveState(etcd, survey);
    copyLog(etcd, survey);
    return new Identity(summary.memberId(), summary.clusterId());
  }

  private static ConfState confState(LogSurvey survey) {
    return survey.cluster().orElse(ClusterState.EMPTY).confState();
  }

  /** Empty if the snapshot does not say, as those of Sampo's leaders do not. */
  private static Optional<ClusterState> members(EtcdDirectory etcd) {
    return etcd.snapshot()
        .filter(snapshot -> !snapshot.getData().isEmpty())
        .map(
            snapshot ->
                V2Membership.decode(
                    snapshot.getData().toByteArray(), snapshot.getMetadata().getConfState()));
  }

  private static void check(WalSummary summary, long databaseEnd, LogSurvey survey)
      throws IOException {
    long needed = Math.max(summary.hardState().getCommit(), databaseEnd);
    if (survey.last().index() < needed) {
      throw new IOException(
          "its log ends with entry %d, but entry %d was committed"
              .formatted(survey.last().index(), needed));
    }
    if (survey.last().index() == 0) {
      throw new IOException("its log holds no entry");
    }
  }

  private void saveState(EtcdDirectory etcd, LogSurvey survey) throws IOException {
    LogPosition end = survey.atDatabaseEnd();
    StateMachine machine;
    try (BboltReader reader = BboltReader.open(etcd.database())) {
      refuseNewer(reader);
      machine =
          StateMachine.restore(
              settings.state(),
              reader::forEach,
              new DatabaseOrigin(end.index(), end.term(), database -> members(survey, database)));
    }
    if (survey.obstacle().isPresent()) {
      throw new IOException(survey.obstacle().get());
    }
    if (end.index() == 0) {
      return; // Nothing was applied yet: the log is all there is.
    }
    SnapshotStore.open(takeover.snapshots(), settings.nanoTime())
        .save(new SnapshotId(end.term(), end.index()), machine.image());
    LOG.atInfo()
        .addKeyValue("applied-index", end.index())
        .addKeyValue("revision", machine.view().revision())
        .addKeyValue("members", machine.cluster().memberList().size())
        .log("copied etcd's database");
  }

  /** A database may hold what a version that is newer than this one has put there. */
  private static void refuseNewer(BboltReader database) throws IOException {
    AtomicReference<String> version = new AtomicReference<>();
    database.forEach(
        "meta",
        (key, value) -> {
          if (STORAGE_VERSION.equals(new String(key, UTF_8))) {
            version.set(new String(value, UTF_8));
          }
        });
    if (ClusterVersionRule.isBeyondUs(Optional.ofNullable(version.get()))) {
      throw new IOException("version \"%s\" is not supported".formatted(version.get()));
    }
  }

  /** Those of the database count only where nothing else says who they are, as in etcd 3.7. */
  private static ClusterState members(LogSurvey survey, ClusterState database) {
    return survey
        .cluster()
        .map(known -> database.downgrade().map(known::withDowngrade).orElse(known))
        .orElseGet(
            () ->
                new ClusterState(
                    database.members(),
                    database.removed(),
                    V2Membership.votersOf(database.members()),
                    database.clusterVersion(),
                    database.downgrade()));
  }

  private void copyLog(EtcdDirectory etcd, LogSurvey survey)
      throws IOException, InterruptedException {
    WalSummary summary = etcd.wal().summary();
    long lastTerm = survey.last().term();
    // A write that was cut between an entry and the new term promised nobody anything.
    HardState hardState =
        summary.hardState().getTerm() < lastTerm
            ? new HardState(lastTerm, 0)
            : new HardState(summary.hardState().getTerm(), summary.hardState().getVote());
    long upTo =
        settings.forceNewCluster()
            ? Math.max(summary.hardState().getCommit(), etcd.consistentIndex())
            : survey.last().index();
    if (upTo < survey.last().index()) {
      LOG.atInfo()
          .addKeyValue("commit-index", upTo)
          .addKeyValue("number-of-discarded-entries", survey.last().index() - upTo)
          .log("discarding uncommitted WAL entries");
    }
    JournalSettings journal =
        JournalSettings.of(takeover.journal(), true, takeover.nativeLibraries());
    LevelDbJournal.check(journal);
    LogPosition before = survey.beforeKept();
    try (LogSession log =
        LogSession.open(
            settings.logName(),
            LogSettings.defaults(journal.directory().toString())
                .withFreeBytes(LevelDbJournal.freeBytes(journal)),
            settings.actors().apply(journal))) {
      if (before.index() > 0) {
        log.startAfter(before.index(), before.term(), confState(survey));
      }
      LogCopy copy = new LogCopy(log, hardState, before.index(), upTo);
      etcd.wal().entriesAfter(etcd.base().index(), copy);
      copy.finish();
    }
    LOG.atInfo()
        .addKeyValue("first-index", before.index() + 1)
        .addKeyValue("last-index", upTo)
        .addKeyValue("term", hardState.term())
        .log("copied etcd's log");
  }
}
