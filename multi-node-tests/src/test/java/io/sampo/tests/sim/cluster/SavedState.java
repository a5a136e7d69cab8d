package io.sampo.tests.sim.cluster;

import com.google.protobuf.ByteString;
import io.sampo.node.state.DatabaseOrigin;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.persistence.snapshot.SnapshotId;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.protocol.etcdserverpb.SnapshotRequest;
import io.sampo.protocol.etcdserverpb.SnapshotResponse;
import io.sampo.protocol.raftpb.ConfState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * What {@code etcdctl snapshot save} gets from a member, and what {@code etcdutl snapshot restore}
 * makes of it: a state with the same keys, with other members, after as many entries as it has
 * members.
 */
public final class SavedState {
  private static final long TERM = 1;

  private ByteString bytes;

  /** Asks a member for its state; it is complete some time later. */
  public void takeFrom(SimMember member) {
    member
        .process()
        .execute(
            () ->
                member
                    .services()
                    .maintenance()
                    .snapshot(SnapshotRequest.getDefaultInstance(), null)
                    .map(SnapshotResponse::getBlob)
                    .fold(ByteString.EMPTY, ByteString::concat)
                    .to(Sink.foreach(all -> bytes = all))
                    .run(member.materializer()));
  }

  public boolean isComplete() {
    return bytes != null;
  }

  /** Writes it as the first snapshot of a member that has none, of a cluster of these. */
  SnapshotId restoreInto(Path directory, List<ClusterMember> members) {
    SnapshotId id = new SnapshotId(TERM, members.size());
    try {
      Files.createDirectories(directory);
      Path database = directory.resolve("saved");
      Files.write(database, bytes.toByteArray());
      StateMachine machine;
      try (BboltReader reader = BboltReader.open(database)) {
        machine =
            StateMachine.restore(
                StateSettings.DEFAULT,
                reader::forEach,
                new DatabaseOrigin(members.size(), TERM, before -> consistingOf(members, before)));
      }
      Files.delete(database);
      SnapshotStore.open(directory, () -> 0).save(id, machine.image());
      return id;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ClusterState consistingOf(List<ClusterMember> members, ClusterState before) {
    TreeMap<Long, ClusterMember> byId = new TreeMap<>(Long::compareUnsigned);
    ConfState.Builder voters = ConfState.newBuilder().setAutoLeave(false);
    members.forEach(member -> byId.put(member.id(), member));
    voters.addAllVoters(byId.keySet());
    return new ClusterState(
        byId,
        new TreeSet<>(Long::compareUnsigned),
        voters.build(),
        before.clusterVersion(),
        Optional.empty());
  }
}
