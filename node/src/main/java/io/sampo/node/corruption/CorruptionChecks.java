package io.sampo.node.corruption;

import io.sampo.node.peer.PeerClient;
import io.sampo.node.request.Consensus;
import io.sampo.node.state.mvcc.HashStorage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.Behavior;

/** Comparisons of this member's keys with those of the others. */
public final class CorruptionChecks {
  private CorruptionChecks() {}

  /**
   * What compares while this member leads; empty if the settings ask for nothing.
   *
   * @param longWork where keys are hashed
   */
  public static Optional<Behavior<CorruptionMonitor.Command>> monitor(
      CorruptionMonitor.Settings settings,
      Consensus consensus,
      HashStorage hashes,
      PeerClient client,
      Executor longWork) {
    if (!settings.isOn()) {
      return Optional.empty();
    }
    return Optional.of(
        CorruptionMonitor.create(
            settings,
            new CorruptionMonitor.Environment(
                consensus.memberId(),
                () -> consensus.status().get().isLeader(),
                () -> hashes.hashByRevision(consensus.state().keys(), 0),
                hashes::hashes,
                () -> consensus.state().keys().revision(),
                new PeerHashClient(
                    consensus.memberId(),
                    consensus.clusterId(),
                    client,
                    settings.request(),
                    () -> consensus.cluster().memberList()),
                consensus.gate()::linearizable,
                consensus.gate()::raiseCorrupt,
                longWork)));
  }

  /** Of flags: how often, and for how long a peer is asked. */
  public static CorruptionMonitor.Settings settings(
      long currentKeysNanos, long compactionsNanos, long requestNanos) {
    return new CorruptionMonitor.Settings(
        Duration.ofNanos(currentKeysNanos),
        Duration.ofNanos(compactionsNanos),
        Duration.ofNanos(requestNanos));
  }
}
