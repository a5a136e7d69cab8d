package io.sampo.tests.sim.cluster;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import io.sampo.node.discovery.DiscoverySettings;
import io.sampo.node.logging.LoggingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The configuration of one member, as its flags would give it. */
final class MemberConfig {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int MAX_TXN_OPS = 128;
  private static final int MAX_REQUEST_BYTES = 1_572_864;

  private static final NodeConfig.Auth CHEAP_PASSWORDS = new NodeConfig.Auth("simple", 300, 4);

  private MemberConfig() {}

  static NodeConfig of(ClusterSettings settings, int number, Path directory) {
    Map<String, List<EtcdUrl>> initial = new TreeMap<>();
    for (int i = 0; i < settings.members(); i++) {
      initial.put(name(i), List.of(url(i, 2380)));
    }
    List<EtcdUrl> peer = List.of(url(number, 2380));
    List<EtcdUrl> client = List.of(url(number, 2379));
    return new NodeConfig(
        name(number),
        directory,
        Optional.empty(),
        new NodeConfig.Urls(peer, peer, client, client, List.of(), List.of()),
        NodeConfig.Sockets.DEFAULTS,
        new NodeConfig.Cluster(initial, "simulated", true, true, 1, false),
        DiscoverySettings.NONE,
        new NodeConfig.Raft(
            settings.heartbeatMillis() * NANOS_PER_MILLI,
            (long) settings.heartbeatMillis() * settings.electionTicks() * NANOS_PER_MILLI,
            true,
            settings.preVote(),
            5_000 * NANOS_PER_MILLI,
            5_000 * NANOS_PER_MILLI),
        new NodeConfig.Storage(
            settings.snapshotCount(),
            settings.catchUpEntries(),
            settings.maxSnapshots(),
            NodeConfig.Storage.DEFAULT_QUOTA_BYTES,
            0,
            false,
            0,
            false),
        new NodeConfig.Limits(MAX_TXN_OPS, MAX_REQUEST_BYTES, 1000),
        new NodeConfig.Compaction(NodeConfig.CompactionMode.PERIODIC, 0, 250, 10 * NANOS_PER_MILLI),
        new NodeConfig.KeepAlive(0, 0, 0),
        new NodeConfig.Http(false, List.of(), List.of(), false, false, false),
        new NodeConfig.Timing(
            2_000 * NANOS_PER_MILLI,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            5_000 * NANOS_PER_MILLI,
            0,
            60_000 * NANOS_PER_MILLI),
        gates(settings),
        LoggingSettings.UNCHANGED,
        NodeConfig.Security.PLAIN,
        CHEAP_PASSWORDS,
        NodeConfig.Tracing.OFF);
  }

  private static FeatureGates gates(ClusterSettings settings) {
    try {
      return FeatureGates.DEFAULTS.with("LeaseCheckpoint=" + settings.leaseCheckpoints());
    } catch (SyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static String name(int number) {
    return "m" + (number + 1);
  }

  static String peerUrl(int number) {
    return url(number, 2380).text();
  }

  private static EtcdUrl url(int number, int port) {
    String host = "10.0.0." + (number + 1);
    return new EtcdUrl("http://" + host + ":" + port, "http", host, Integer.toString(port));
  }
}
