package io.sampo.node.corruption;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.FeatureGates.Gate;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.request.RequestGate;
import io.sampo.node.server.NodeParts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.Behavior;

/** Which comparisons with other members the flags ask for, and what they work on. */
public final class CorruptionChecks {
  private CorruptionChecks() {}

  /** Empty if no flag asks for it. */
  public static Optional<Behavior<CorruptionMonitor.Command>> monitor(
      NodeParts parts, PeerClient client, RequestGate gate, Executor blocking) {
    CorruptionMonitor.Settings settings = settings(parts.config());
    if (!settings.isOn()) {
      return Optional.empty();
    }
    return Optional.of(
        CorruptionMonitor.create(
            settings,
            new CorruptionMonitor.Environment(
                parts.memberId(),
                () -> parts.status().get().isLeader(),
                () -> parts.hashes().hashByRevision(parts.state().keys(), 0),
                parts.hashes()::hashes,
                () -> parts.state().keys().revision(),
                questions(parts, client),
                gate::linearizable,
                gate::raiseCorrupt,
                blocking)));
  }

  public static PeerHashClient questions(NodeParts parts, PeerClient client) {
    return new PeerHashClient(
        parts.memberId(),
        parts.clusterId(),
        client,
        Duration.ofNanos(parts.config().requestTimeoutNanos()),
        () -> parts.state().get().cluster().memberList());
  }

  private static CorruptionMonitor.Settings settings(NodeConfig config) {
    return new CorruptionMonitor.Settings(
        Duration.ofNanos(config.timing().corruptCheckNanos()),
        config.featureGates().isEnabled(Gate.CompactHashCheck)
            ? Duration.ofNanos(config.timing().compactHashCheckNanos())
            : Duration.ZERO,
        Duration.ofNanos(config.requestTimeoutNanos()));
  }
}
