package io.sampo.node.adopt;

import com.google.protobuf.ByteString;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.node.state.LoggedRequest;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.persistence.datadir.DataDirectory;
import io.sampo.persistence.datadir.DataDirectoryException;
import io.sampo.persistence.datadir.Identity;
import io.sampo.persistence.log.JournalSettings;
import io.sampo.persistence.log.LevelDbJournal;
import io.sampo.persistence.log.LogSession;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.log.LogState;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.persistence.snapshot.SnapshotId;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.persistence.snapshot.StoredSnapshot;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code --force-new-cluster}: a member whose majority is lost becomes a cluster of its own, under
 * its old ids and with all that it has.
 *
 * <p>Everything that its log holds is applied, then the changes that make it the only member, and
 * the outcome is saved as a snapshot: one rename makes the new cluster, and what is before it in
 * the log counts no more, as after a leader's snapshot. A member that is alone already is left as
 * it is.
 */
public final class ForcedCluster {
  private static final Logger LOG = LoggerFactory.getLogger(ForcedCluster.class);

  private final DataDirectory directory;
  private final Identity identity;
  private final List<String> peerUrls;
  private final AdoptionSettings settings;

  private ForcedCluster(
      DataDirectory directory,
      Identity identity,
      List<String> peerUrls,
      AdoptionSettings settings) {
    this.directory = directory;
    this.identity = identity;
    this.peerUrls = peerUrls;
    this.settings = settings;
  }

  /**
   * Makes the member the only one of its cluster.
   *
   * @param directory of a member that has data
   * @param peerUrls the member's, if its cluster does not know it yet
   * @throws DataDirectoryException if that cannot be, in one line; nothing was changed
   */
  public static void make(DataDirectory directory, List<String> peerUrls, AdoptionSettings settings)
      throws IOException, InterruptedException {
    new ForcedCluster(directory, directory.identity().orElseThrow(), peerUrls, settings).make();
  }

  private void make() throws IOException, InterruptedException {
    SnapshotStore snapshots = SnapshotStore.open(directory.snapshots(), settings.nanoTime());
    StateMachine machine = restore(snapshots);
    LogState log = log();
    replay(machine, log);
    if (machine.appliedIndex() == 0) {
      throw refused("it holds no data yet");
    }
    List<ConfChange> changes = changes(machine);
    LOG.atInfo()
        .addKeyValue("cluster-id", Long.toHexString(identity.clusterId()))
        .addKeyValue("local-member-id", Long.toHexString(identity.memberId()))
        .addKeyValue("commit-index", machine.appliedIndex() + changes.size())
        .addKeyValue("changes", changes.size())
        .log("forcing restart member");
    if (changes.isEmpty()) {
      return;
    }
    for (ConfChange change : changes) {
      machine.applyMembership(change, machine.appliedIndex() + 1, log.hardState().term());
    }
    snapshots.save(new SnapshotId(machine.appliedTerm(), machine.appliedIndex()), machine.image());
  }

  private StateMachine restore(SnapshotStore snapshots) throws IOException {
    Optional<StoredSnapshot> newest = snapshots.newestValid();
    if (newest.isEmpty()) {
      return new StateMachine(settings.state());
    }
    try (BboltReader reader = BboltReader.open(newest.get().path())) {
      return StateMachine.restore(settings.state(), reader::forEach);
    }
  }

  private LogState log() throws InterruptedException {
    JournalSettings journal =
        JournalSettings.of(directory.journal(), true, directory.nativeLibraries());
    LevelDbJournal.check(journal);
    LogSettings logSettings =
        LogSettings.defaults(journal.directory().toString()).withHistoryExpected(true);
    try (LogSession session =
        LogSession.open(settings.logName(), logSettings, settings.actors().apply(journal))) {
      return session.recovered();
    }
  }

  /** Nobody is left who could say what was committed, so nothing is taken for lost. */
  private void replay(StateMachine machine, LogState log) {
    if (machine.appliedIndex() < log.prefixIndex()) {
      throw refused(
          "its newest state ends with entry %d, its log begins after %d"
              .formatted(machine.appliedIndex(), log.prefixIndex()));
    }
    for (Entry entry : log.entries()) {
      if (entry.getIndex() <= machine.appliedIndex()) {
        continue;
      }
      if (entry.getType() != EntryType.EntryNormal) {
        machine.applyMembership(change(entry), entry.getIndex(), entry.getTerm());
      } else if (entry.getData().isEmpty()) {
        machine.applyEmpty(entry.getIndex(), entry.getTerm());
      } else {
        machine.apply(LoggedRequest.of(entry), entry.getIndex(), entry.getTerm(), false);
      }
    }
  }

  private ConfChange change(Entry entry) {
    try {
      return MembershipChange.parse(entry);
    } catch (IllegalStateException damaged) {
      throw refused(damaged.getMessage());
    }
  }

  /** First itself, so that somebody votes at any time; then the others go. */
  private List<ConfChange> changes(StateMachine machine) {
    long self = identity.memberId();
    if (machine.cluster().removed().contains(self)) {
      throw refused("it has been removed from its cluster");
    }
    List<ConfChange> changes = new ArrayList<>();
    ClusterMember own = machine.cluster().member(self);
    if (own == null || own.learner()) {
      byte[] context =
          own == null
              ? MemberJson.encode(new ClusterMember(self, peerUrls, false, "", List.of()))
              : MemberJson.encodePromotion(self);
      changes.add(
          ConfChange.newBuilder()
              .setType(ConfChangeType.ConfChangeAddNode)
              .setNodeId(self)
              .setContext(ByteString.copyFrom(context))
              .build());
    }
    for (ClusterMember member : machine.cluster().memberList()) {
      if (member.id() != self) {
        changes.add(
            ConfChange.newBuilder()
                .setType(ConfChangeType.ConfChangeRemoveNode)
                .setNodeId(member.id())
                .build());
      }
    }
    return changes;
  }

  private DataDirectoryException refused(String reason) {
    return new DataDirectoryException(
        "cannot make a cluster of the member in " + directory.root() + " alone: " + reason);
  }
}
