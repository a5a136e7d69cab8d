package io.sampo.node.boot;

import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.boot.flag.Notice;
import io.sampo.node.discovery.DiscoverySettings;
import io.sampo.node.edge.ListenAddress;
import io.sampo.node.logging.DurationText;
import io.sampo.node.logging.LogMarkers;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.protocol.version.EtcdVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The lines of a start that people and tools look for, with etcd's texts and field names. */
public final class StartupLog {
  private static final Logger LOG = LoggerFactory.getLogger(StartupLog.class);

  private StartupLog() {}

  public static void notices(List<Notice> notices) {
    for (Notice notice : notices) {
      LoggingEventBuilder line = LOG.atLevel(notice.level());
      notice.fields().forEach(line::addKeyValue);
      line.log(notice.message());
    }
  }

  static void running(List<String> commandLine) {
    LOG.atInfo().addKeyValue("args", commandLine).log("Running: ");
  }

  static void refused(ConfigException reason) {
    if (reason.report() == ConfigException.Report.START) {
      fatal("discovery failed", reason.getMessage());
      return;
    }
    LOG.atWarn().addKeyValue("error", reason.getMessage()).log("failed to verify flags");
  }

  /** The last words of a member that a discovery service did not let in. */
  static void notJoined(NodeConfig config, ConfigException reason) {
    LOG.atWarn()
        .addKeyValue("discovery-token", config.discovery().token())
        .addKeyValue("discovery-endpoints", config.discovery().endpoints())
        .addKeyValue("error", reason.getMessage())
        .log("failed to bootstrap; discovery token was already used");
    LOG.warn("do not reuse discovery token; generate a new one to bootstrap a cluster");
  }

  /** There is a cluster already, so nobody has to be found. */
  public static void discoveryIgnored(Path walDir) {
    LOG.atWarn()
        .addKeyValue("wal-dir", walDir)
        .log("discovery token is ignored since cluster already initialized; valid logs are found");
  }

  /** The last words of a node that cannot go on. */
  public static void fatal(String message, String error) {
    LOG.atError().addMarker(LogMarkers.FATAL).addKeyValue("error", error).log(message);
  }

  /** The last words of a member that the others have removed, as etcd says them. */
  public static void removed(String error) {
    LOG.atWarn().addKeyValue("error", error).log("server error");
    LOG.warn("data-dir used by this member must be removed");
  }

  /** The directory's state, right before anything is written to it. */
  public static void dataDirectory(NodeConfig config, boolean initialized) {
    LOG.atInfo()
        .addKeyValue("data-dir", config.dataDir())
        .addKeyValue("dir-type", initialized ? "member" : "empty")
        .log(
            initialized
                ? "server has already been initialized"
                : "Initialize and start etcd server");
  }

  /** The configuration line, field by field as etcd 3.7.1 prints it. */
  public static void starting(NodeConfig config, boolean memberInitialized) {
    String walDir = config.walDir().map(Path::toString).orElse("");
    LoggingEventBuilder line =
        LOG.atInfo()
            .addKeyValue("etcd-version", EtcdVersion.SERVER)
            .addKeyValue("git-sha", VersionText.commit())
            .addKeyValue("go-version", EtcdVersion.runtime())
            .addKeyValue("go-os", VersionText.os())
            .addKeyValue("go-arch", VersionText.architecture())
            .addKeyValue("max-cpu-set", Runtime.getRuntime().availableProcessors())
            .addKeyValue("max-cpu-available", Runtime.getRuntime().availableProcessors())
            .addKeyValue("member-initialized", memberInitialized)
            .addKeyValue("name", config.name())
            .addKeyValue("data-dir", config.dataDir())
            .addKeyValue("wal-dir", walDir)
            .addKeyValue("wal-dir-dedicated", walDir)
            .addKeyValue("member-dir", config.memberDir())
            .addKeyValue("force-new-cluster", config.cluster().forceNewCluster());
    addRaft(line, config);
    addUrls(line, config);
    addLimits(line, config);
    line.log("starting an etcd server");
  }

  private static void addRaft(LoggingEventBuilder line, NodeConfig config) {
    line.addKeyValue("heartbeat-interval", nanos(config.raft().heartbeatIntervalNanos()))
        .addKeyValue("election-timeout", nanos(config.electionTimeoutByTicksNanos()))
        .addKeyValue("initial-election-tick-advance", config.raft().initialElectionTickAdvance())
        .addKeyValue("snapshot-count", config.storage().snapshotCount())
        .addKeyValue("max-wals", 0)
        .addKeyValue("max-snapshots", config.storage().maxSnapshots())
        .addKeyValue("snapshot-catchup-entries", config.storage().snapshotCatchUpEntries());
  }

  private static void addUrls(LoggingEventBuilder line, NodeConfig config) {
    line.addKeyValue("initial-advertise-peer-urls", config.urls().initialAdvertisePeer())
        .addKeyValue("listen-peer-urls", config.urls().listenPeer())
        .addKeyValue("advertise-client-urls", config.urls().advertiseClient())
        .addKeyValue("listen-client-urls", config.urls().listenClient())
        .addKeyValue("listen-metrics-urls", config.urls().listenMetrics())
        .addKeyValue("local-address", config.sockets().localAddress().orElse(""))
        .addKeyValue("cors", config.http().cors())
        .addKeyValue("host-whitelist", config.http().hostWhitelist())
        .addKeyValue("initial-cluster", InitialCluster.format(config.cluster().initialMembers()))
        .addKeyValue("initial-cluster-state", config.cluster().newCluster() ? "new" : "existing")
        .addKeyValue("initial-cluster-token", config.cluster().token());
  }

  private static void addLimits(LoggingEventBuilder line, NodeConfig config) {
    long quota = config.storage().quotaSetting();
    boolean periodic = config.compaction().mode() == NodeConfig.CompactionMode.PERIODIC;
    String retention = DurationText.format(config.compaction().retention());
    line.addKeyValue(
            "quota-backend-bytes", quota == 0 ? NodeConfig.Storage.DEFAULT_QUOTA_BYTES : quota)
        .addKeyValue("max-request-bytes", config.limits().maxRequestBytes())
        .addKeyValue("max-concurrent-streams", config.limits().maxConcurrentStreams())
        .addKeyValue("pre-vote", config.raft().preVote())
        .addKeyValue("feature-gates", config.featureGates().toString())
        .addKeyValue(
            "initial-corrupt-check",
            config.featureGates().isEnabled(FeatureGates.Gate.InitialCorruptCheck))
        .addKeyValue(
            "corrupt-check-time-interval", DurationText.format(config.timing().corruptCheckNanos()))
        .addKeyValue(
            "compact-check-time-interval",
            DurationText.format(config.timing().compactHashCheckNanos()))
        .addKeyValue("auto-compaction-mode", periodic ? "periodic" : "revision")
        .addKeyValue("auto-compaction-retention", retention)
        .addKeyValue("auto-compaction-interval", retention);
    addDiscovery(line, config.discovery());
    line.addKeyValue("downgrade-check-interval", nanos(config.timing().downgradeCheckTimeNanos()))
        .addKeyValue("max-learners", config.cluster().maxLearners())
        .addKeyValue("v2-deprecation", "write-only");
  }

  private static void addDiscovery(LoggingEventBuilder line, DiscoverySettings discovery) {
    DiscoverySettings.Client client = discovery.client();
    line.addKeyValue("discovery-token", discovery.token())
        .addKeyValue("discovery-endpoints", String.join(",", discovery.endpoints()))
        .addKeyValue("discovery-dial-timeout", DurationText.format(client.dialTimeoutNanos()))
        .addKeyValue("discovery-request-timeout", DurationText.format(client.requestTimeoutNanos()))
        .addKeyValue("discovery-keepalive-time", DurationText.format(client.keepAliveTimeNanos()))
        .addKeyValue(
            "discovery-keepalive-timeout", DurationText.format(client.keepAliveTimeoutNanos()))
        .addKeyValue("discovery-insecure-transport", client.tls().insecureTransport())
        .addKeyValue("discovery-insecure-skip-tls-verify", client.tls().insecureSkipVerify())
        .addKeyValue("discovery-cert", client.tls().cert())
        .addKeyValue("discovery-key", client.tls().key())
        .addKeyValue("discovery-cacert", client.tls().trustedCa())
        .addKeyValue("discovery-user", client.user());
  }

  private static Duration nanos(long nanos) {
    return Duration.ofNanos(nanos);
  }

  /** Who this member is; both for new members and for those with data. */
  public static void localMember(long memberId, long clusterId) {
    LOG.atInfo()
        .addKeyValue("local-member-id", MemberIds.format(memberId))
        .addKeyValue("cluster-id", MemberIds.format(clusterId))
        .log("starting local member");
  }

  /** The listeners are bound. */
  public static void serving(NodeConfig config, long memberId) {
    LOG.atInfo()
        .addKeyValue("local-member-id", MemberIds.format(memberId))
        .addKeyValue("initial-advertise-peer-urls", config.urls().initialAdvertisePeer())
        .addKeyValue("listen-peer-urls", config.urls().listenPeer())
        .addKeyValue("advertise-client-urls", config.urls().advertiseClient())
        .addKeyValue("listen-client-urls", config.urls().listenClient())
        .addKeyValue("listen-metrics-urls", config.urls().listenMetrics())
        .log("now serving peer/client/metrics");
  }

  /** A client listener answers: the line that tools wait for, once per listener. */
  public static void readyToServe(ListenAddress listener, boolean grpc, boolean http) {
    LOG.info("ready to serve client requests");
    String traffic = grpc && http ? "grpc+http" : grpc ? "grpc" : "http";
    if (listener.plain()) {
      serving(
          listener, traffic, "serving client traffic insecurely; this is strongly discouraged!");
    }
    if (listener.secure()) {
      serving(listener, traffic, "serving client traffic securely");
    }
  }

  private static void serving(ListenAddress listener, String traffic, String message) {
    LOG.atInfo()
        .addKeyValue("traffic", traffic)
        .addKeyValue("address", listener.url().address())
        .log(message);
  }

  /** Who has started this process is about to hear that it is ready, if it wants to. */
  public static void notifying() {
    LOG.info("notifying init daemon");
  }

  /** It has heard. */
  public static void notified() {
    LOG.info("successfully notified init daemon");
  }

  /** It has not. */
  public static void notNotified(IOException why) {
    LOG.atError()
        .addKeyValue("error", why.getMessage())
        .log("failed to notify systemd for readiness");
  }

  /**
   * Nothing is defragmented at the start, as nothing would be freed.
   *
   * @param sizeBytes of the state, all of which is in use
   * @param thresholdMegabytes from which it would be, 1 at least
   */
  public static void nothingToDefragment(long sizeBytes, long thresholdMegabytes) {
    long threshold = thresholdMegabytes * 1024 * 1024;
    LOG.atInfo()
        .addKeyValue("current-db-size-bytes", sizeBytes)
        .addKeyValue("current-db-size", bytes(sizeBytes))
        .addKeyValue("current-db-size-in-use-bytes", sizeBytes)
        .addKeyValue("current-db-size-in-use", bytes(sizeBytes))
        .addKeyValue("bootstrap-defrag-threshold-bytes", threshold)
        .addKeyValue("bootstrap-defrag-threshold", bytes(threshold))
        .log("Skipping defragmentation");
  }

  /** For people: {@code 21 kB}, {@code 1.1 GB}. */
  private static String bytes(long count) {
    String[] units = {" B", " kB", " MB", " GB", " TB", " PB", " EB"};
    double value = count;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    String form = unit > 0 && value < 10 ? "%.1f" : "%.0f";
    return form.formatted(value) + units[unit];
  }

  /** Calls are traced from here on. */
  public static void tracing(NodeConfig.Tracing tracing) {
    LOG.atDebug()
        .addKeyValue("address", tracing.address())
        .addKeyValue("service-name", tracing.serviceName())
        .addKeyValue("service-instance-id", tracing.serviceInstanceId())
        .addKeyValue("sampling-rate", tracing.samplingRatePerMillion())
        .log("distributed tracing enabled");
    LOG.info("distributed tracing setup enabled");
  }

  /** Other members are answered from here on. */
  public static void servingPeers(EtcdUrl listener) {
    LOG.atInfo().addKeyValue("address", listener.address()).log("serving peer traffic");
  }

  /** What the stop begins with if a signal asked for it. */
  static void received(TerminationSignal signal) {
    LOG.atInfo().addKeyValue("signal", signal.text()).log("received signal; shutting down");
  }

  /** The process ends with an exit code instead. */
  static void notEndedBySignal(TerminationSignal signal, Exception cause) {
    LOG.atWarn()
        .addKeyValue("signal", signal.text())
        .addKeyValue("error", cause.toString())
        .log("cannot end by the signal");
  }

  /** The stop begins. */
  public static void closing(NodeConfig config) {
    members(config).log("closing etcd server");
  }

  /** Nobody has taken over before this member goes; the others will elect somebody. */
  public static void transferFailed(String error) {
    LOG.atWarn().addKeyValue("error", error).log("leadership transfer failed");
  }

  /** Everything is closed. */
  public static void closed(NodeConfig config) {
    members(config).log("closed etcd server");
  }

  private static LoggingEventBuilder members(NodeConfig config) {
    return LOG.atInfo()
        .addKeyValue("name", config.name())
        .addKeyValue("data-dir", config.dataDir())
        .addKeyValue("advertise-peer-urls", config.urls().initialAdvertisePeer())
        .addKeyValue("advertise-client-urls", config.urls().advertiseClient());
  }
}
