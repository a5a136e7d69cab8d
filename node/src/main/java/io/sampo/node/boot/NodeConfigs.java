package io.sampo.node.boot;

import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;

import io.sampo.node.boot.NodeConfig.CompactionMode;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.FeatureGates.Gate;
import io.sampo.node.boot.flag.FlagValues;
import io.sampo.node.boot.flag.GoDuration;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import io.sampo.node.boot.flag.Notice;
import io.sampo.node.logging.LoggingSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/** Makes a {@link NodeConfig} of flag values that {@link ConfigRules} has passed. */
final class NodeConfigs {
  private static final long NANOS_PER_MILLI = 1_000_000L;
  private static final long NANOS_PER_HOUR = 3_600_000_000_000L;

  private NodeConfigs() {}

  static NodeConfig of(FlagValues values, LoggingSettings log, List<Notice> notices)
      throws ConfigException {
    String name = values.string("name");
    NodeConfig config =
        new NodeConfig(
            name,
            dataDir(values, notices),
            walDir(values),
            urls(values),
            sockets(values, notices),
            cluster(values),
            DiscoveryFlags.of(values),
            new NodeConfig.Raft(
                values.number("heartbeat-interval") * NANOS_PER_MILLI,
                values.number("election-timeout") * NANOS_PER_MILLI,
                values.bool("initial-election-tick-advance"),
                values.bool("pre-vote"),
                values.number("raft-read-timeout"),
                values.number("raft-write-timeout")),
            storage(values),
            new NodeConfig.Limits(
                clampedInt(values.number("max-txn-ops")),
                clampedInt(values.number("max-request-bytes")),
                values.number("max-concurrent-streams")),
            compaction(values),
            new NodeConfig.KeepAlive(
                values.number("grpc-keepalive-min-time"),
                values.number("grpc-keepalive-interval"),
                values.number("grpc-keepalive-timeout")),
            new NodeConfig.Http(
                values.bool("enable-grpc-gateway"),
                values.strings("cors"),
                values.strings("host-whitelist"),
                values.string("metrics").equals("extensive"),
                profiles(values, log, notices),
                isDebug(log)),
            new NodeConfig.Timing(
                orDefault(
                    values.number("watch-progress-notify-interval"), 600_000 * NANOS_PER_MILLI),
                values.number("warning-apply-duration"),
                orDefault(values.number("warning-unary-request-duration"), 300 * NANOS_PER_MILLI),
                values.number("downgrade-check-time"),
                values.number("corrupt-check-time"),
                values.number("compact-hash-check-time")),
            values.featureGates(),
            log,
            SecurityFlags.of(values),
            new NodeConfig.Auth(
                values.string("auth-token"),
                values.number("auth-token-ttl"),
                values.number("bcrypt-cost")),
            tracing(values));
    requireUsable(config);
    return config;
  }

  private static NodeConfig.Tracing tracing(FlagValues values) {
    return new NodeConfig.Tracing(
        values.bool("enable-distributed-tracing"),
        values.string("distributed-tracing-address"),
        values.string("distributed-tracing-service-name"),
        values.string("distributed-tracing-instance-id"),
        clampedInt(values.number("distributed-tracing-sampling-rate")));
  }

  private static boolean profiles(FlagValues values, LoggingSettings log, List<Notice> notices) {
    boolean asked = values.bool("enable-pprof");
    if (asked) {
      notices.add(Notice.of(Level.INFO, "pprof is enabled", "path", "/debug/pprof"));
    }
    return asked || isDebug(log);
  }

  private static boolean isDebug(LoggingSettings log) {
    return log.level().filter("debug"::equals).isPresent();
  }

  private static Path dataDir(FlagValues values, List<Notice> notices) throws ConfigException {
    String directory = values.string("data-dir");
    if (directory.isEmpty()) {
      directory = values.string("name") + ".etcd";
      notices.add(
          Notice.of(Level.WARN, "'data-dir' was empty; using default", "data-dir", directory));
    }
    return path("data-dir", directory);
  }

  private static Optional<Path> walDir(FlagValues values) throws ConfigException {
    String directory = values.string("wal-dir");
    return directory.isEmpty() ? Optional.empty() : Optional.of(path("wal-dir", directory));
  }

  private static Path path(String flag, String text) throws ConfigException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new ConfigException(VERIFY, "--" + flag + ": " + e.getMessage(), e);
    }
  }

  private static NodeConfig.Urls urls(FlagValues values) {
    return new NodeConfig.Urls(
        values.urls("listen-peer-urls"),
        values.urls("initial-advertise-peer-urls"),
        values.urls("listen-client-urls"),
        values.urls("advertise-client-urls"),
        values.urls("listen-client-http-urls"),
        values.urls("listen-metrics-urls"));
  }

  private static NodeConfig.Sockets sockets(FlagValues values, List<Notice> notices) {
    return new NodeConfig.Sockets(
        values.bool("socket-reuse-port"),
        values.bool("socket-reuse-address"),
        values.featureGates().isEnabled(Gate.SetMemberLocalAddr)
            ? localAddress(values.urls("initial-advertise-peer-urls"), notices)
            : Optional.empty());
  }

  /** The first advertised address that is no name, no loopback and not every address. */
  private static Optional<String> localAddress(List<EtcdUrl> advertised, List<Notice> notices) {
    notices.add(
        Notice.of(
            Level.INFO,
            "searching for a suitable member local address in AdvertisePeerURLs",
            "advertise-peer-urls",
            advertised));
    for (EtcdUrl url : advertised) {
      if (!url.isUnix() && IpLiteral.isOneHosts(url.host())) {
        notices.add(Notice.of(Level.INFO, "setting member local address", "LocalAddr", url.host()));
        return Optional.of(url.host());
      }
    }
    notices.add(
        Notice.of(
            Level.WARN,
            "unable to set a member local address due to lack of suitable local addresses",
            "advertise-peer-urls",
            advertised));
    return Optional.empty();
  }

  private static NodeConfig.Cluster cluster(FlagValues values) throws ConfigException {
    Map<String, List<EtcdUrl>> members;
    String text = values.string("initial-cluster");
    try {
      members = InitialCluster.parse(text);
    } catch (SyntaxException e) {
      throw new ConfigException(
          ConfigException.Report.START, "error setting up initial cluster: " + e.getMessage(), e);
    }
    return new NodeConfig.Cluster(
        members,
        values.string("initial-cluster-token"),
        values.string("initial-cluster-state").equals("new"),
        values.bool("strict-reconfig-check"),
        clampedInt(values.number("max-learners")),
        values.bool("force-new-cluster"));
  }

  private static NodeConfig.Storage storage(FlagValues values) {
    long quota = values.number("quota-backend-bytes");
    return new NodeConfig.Storage(
        orDefault(values.number("snapshot-count"), 10_000),
        values.number("snapshot-catchup-entries"),
        clampedInt(values.number("max-snapshots")),
        quota < 0 ? Long.MAX_VALUE : orDefault(quota, NodeConfig.Storage.DEFAULT_QUOTA_BYTES),
        quota,
        values.bool("unsafe-no-fsync"),
        values.number("bootstrap-defrag-threshold-megabytes"),
        values.bool("memory-mlock"));
  }

  private static NodeConfig.Compaction compaction(FlagValues values) throws ConfigException {
    boolean periodic = values.string("auto-compaction-mode").equals("periodic");
    return new NodeConfig.Compaction(
        periodic ? CompactionMode.PERIODIC : CompactionMode.REVISION,
        retention(values.string("auto-compaction-retention"), periodic),
        clampedInt(
            orDefault(
                values.number("compaction-batch-limit"),
                NodeConfig.Compaction.DEFAULT_BATCH_LIMIT)),
        orDefault(values.number("compaction-sleep-interval"), 10 * NANOS_PER_MILLI));
  }

  /**
   * A bare number counts hours or revisions; everything else is a duration, even of revisions (as
   * in etcd).
   */
  private static long retention(String text, boolean periodic) throws ConfigException {
    String given = text.isEmpty() ? "0" : text;
    if (given.matches("\\+?[0-9]{1,18}")) {
      return Long.parseLong(given) * (periodic ? NANOS_PER_HOUR : 1);
    }
    try {
      return GoDuration.parseNanos(given);
    } catch (SyntaxException e) {
      throw new ConfigException(
          ConfigException.Report.START, "error parsing CompactionRetention: " + e.getMessage(), e);
    }
  }

  /** Values that etcd lets pass and that would make a node that can do nothing. */
  private static void requireUsable(NodeConfig config) throws ConfigException {
    for (List<EtcdUrl> listeners :
        List.of(
            config.urls().listenClient(),
            config.urls().listenClientHttp(),
            config.urls().listenPeer(),
            config.urls().listenMetrics())) {
      for (EtcdUrl url : listeners) {
        if (url.isUnix() && url.host().isEmpty()) {
          throw new ConfigException(VERIFY, "no socket file in URL for binding (" + url + ")");
        }
        if (!url.port().matches("[0-9]{0,5}") || url.portNumber() > 65_535) {
          throw new ConfigException(VERIFY, "no port number in URL for binding (" + url + ")");
        }
      }
    }
    String collector = config.tracing().address();
    if (config.tracing().enabled() && !collector.matches("[^\\s/?#@]+:[0-9]{1,5}")) {
      throw new ConfigException(
          VERIFY, "--distributed-tracing-address must be \"host:port\" (set to " + collector + ")");
    }
    if (config.compaction().batchLimit() < 1) {
      throw new ConfigException(
          VERIFY,
          "--compaction-batch-limit must be >0 (set to " + config.compaction().batchLimit() + ")");
    }
  }

  private static long orDefault(long value, long whenZero) {
    return value == 0 ? whenZero : value;
  }

  private static int clampedInt(long value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }
}
