package io.sampo.node.apply;

import io.sampo.node.state.NodeState;
import io.sampo.persistence.snapshot.SavedSnapshot;
import io.sampo.persistence.snapshot.SnapshotId;
import io.sampo.persistence.snapshot.SnapshotStore;
import java.io.IOException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots of immutable states, one after another, on a thread where it may block, while
 * applies go on. A snapshot that cannot be written is no end: the log is still whole.
 */
public final class Snapshotter {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshotter.class);

  private Snapshotter() {}

  /**
   * @param received whether a leader sent the state
   * @param replyTo is told whether the state is durable now
   */
  public record Save(NodeState state, boolean received, ActorRef<Ended> replyTo) {}

  /** The end of a {@link Save}. */
  public record Ended(Save save, boolean durable) {}

  /**
   * @param maxSnapshots how many are kept; 0 keeps all
   */
  public static Behavior<Save> create(
      SnapshotStore store, int maxSnapshots, SnapshotMetrics metrics) {
    return Behaviors.receive(Save.class)
        .onMessage(
            Save.class,
            save -> {
              save.replyTo().tell(new Ended(save, save(store, maxSnapshots, metrics, save)));
              return Behaviors.same();
            })
        .build();
  }

  private static boolean save(
      SnapshotStore store, int maxSnapshots, SnapshotMetrics metrics, Save save) {
    NodeState state = save.state();
    SnapshotId id = new SnapshotId(state.appliedTerm(), state.appliedIndex());
    try {
      SavedSnapshot saved = store.save(id, state.image());
      store.retain(maxSnapshots);
      metrics.saved(saved, save.received());
      LOG.atInfo()
          .addKeyValue("snapshot-index", state.appliedIndex())
          .addKeyValue("bytes", saved.bytes())
          .log("saved snapshot");
      return true;
    } catch (IOException e) {
      LOG.atError()
          .addKeyValue("snapshot-index", state.appliedIndex())
          .addKeyValue("error", e.getMessage())
          .log("failed to save snapshot");
      return false;
    }
  }
}
