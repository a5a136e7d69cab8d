package io.sampo.node.boot;

import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.discovery.DiscoverySettings;
import io.sampo.node.logging.LoggingSettings;
import io.sampo.node.tls.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a node is told at its start: validated, immutable, durations in nanoseconds, sizes in
 * bytes, "0 means the default" already resolved. Each component carries the name of its flag.
 */
public record NodeConfig(
    String name,
    Path dataDir,
    Optional<Path> walDir,
    Urls urls,
    Sockets sockets,
    Cluster cluster,
    DiscoverySettings discovery,
    Raft raft,
    Storage storage,
    Limits limits,
    Compaction compaction,
    KeepAlive keepAlive,
    Http http,
    Timing timing,
    FeatureGates featureGates,
    LoggingSettings log,
    Security security,
    Auth auth,
    Tracing tracing) {

  /**
   * Where to listen, and what to tell others about it; every list is sorted and, but for the last
   * two, not empty.
   */
  public record Urls(
      List<EtcdUrl> listenPeer,
      List<EtcdUrl> initialAdvertisePeer,
      List<EtcdUrl> listenClient,
      List<EtcdUrl> advertiseClient,
      List<EtcdUrl> listenClientHttp,
      List<EtcdUrl> listenMetrics) {}

  /**
   * How sockets are made.
   *
   * @param reusePort whether other processes that say so as well may listen on the same ports
   * @param reuseAddress whether a port may be taken that connections of a process before still hold
   * @param localAddress from which other members are dialled; empty for the system's choice
   */
  public record Sockets(boolean reusePort, boolean reuseAddress, Optional<String> localAddress) {
    /** The defaults. */
    public static final Sockets DEFAULTS = new Sockets(false, false, Optional.empty());
  }

  /**
   * The cluster to begin with; of no interest once the member has data.
   *
   * @param initialMembers from name to peer URLs; the text behind it was checked for this member
   *     alone
   * @param newCluster false for {@code --initial-cluster-state=existing}
   * @param forceNewCluster whether a member with data shall be the only one of its cluster
   */
  public record Cluster(
      Map<String, List<EtcdUrl>> initialMembers,
      String token,
      boolean newCluster,
      boolean strictReconfigCheck,
      int maxLearners,
      boolean forceNewCluster) {
    /** The same for other members. */
    Cluster of(Map<String, List<EtcdUrl>> members, String clusterToken) {
      return new Cluster(
          members, clusterToken, newCluster, strictReconfigCheck, maxLearners, forceNewCluster);
    }
  }

  /**
   * Timing of elections, and of the connections between members.
   *
   * @param readTimeoutNanos after which a member that says nothing is dropped; 5 s at least
   * @param writeTimeoutNanos after which a member that takes nothing is dropped; 5 s at least
   */
  public record Raft(
      long heartbeatIntervalNanos,
      long electionTimeoutNanos,
      boolean initialElectionTickAdvance,
      boolean preVote,
      long readTimeoutNanos,
      long writeTimeoutNanos) {
    /** Heartbeats in an election timeout, rounded down, as etcd counts. */
    public int electionTicks() {
      return (int) (electionTimeoutNanos / heartbeatIntervalNanos);
    }
  }

  /**
   * What is kept.
   *
   * @param maxSnapshots 0 keeps all
   * @param quotaBackendBytes {@link Long#MAX_VALUE} if there is no quota
   * @param quotaSetting the flag's own value (0: default, negative: none), as the start line shows
   *     it
   * @param bootstrapDefragThresholdMegabytes from which a start has to speak of defragmenting; 0
   *     for never
   * @param memoryLocked whether the process's memory must stay in RAM
   */
  public record Storage(
      long snapshotCount,
      long snapshotCatchUpEntries,
      int maxSnapshots,
      long quotaBackendBytes,
      long quotaSetting,
      boolean unsafeNoFsync,
      long bootstrapDefragThresholdMegabytes,
      boolean memoryLocked) {
    /** 2 GiB. */
    public static final long DEFAULT_QUOTA_BYTES = 2L * 1024 * 1024 * 1024;

    /** The quota in effect as etcd shows it: the default for 0, negative for none. */
    public long quotaBytes() {
      return quotaSetting == 0 ? DEFAULT_QUOTA_BYTES : quotaSetting;
    }
  }

  /** Bounds of one request or connection. */
  public record Limits(int maxTxnOps, int maxRequestBytes, long maxConcurrentStreams) {
    /** What a gRPC message may hold beyond the request: etcd's overhead allowance. */
    public static final int GRPC_OVERHEAD_BYTES = 512 * 1024;

    /** The largest gRPC message taken. */
    public int maxReceivedMessageBytes() {
      return (int) Math.min(Integer.MAX_VALUE, (long) maxRequestBytes + GRPC_OVERHEAD_BYTES);
    }
  }

  /** How automatic compaction decides. */
  public enum CompactionMode {
    PERIODIC,
    REVISION
  }

  /**
   * Removal of history.
   *
   * @param retention nanoseconds or revisions, by mode; 0 switches automatic compaction off
   * @param batchLimit revisions in one step
   * @param sleepIntervalNanos between two steps
   */
  public record Compaction(
      CompactionMode mode, long retention, int batchLimit, long sleepIntervalNanos) {
    /** Under a millisecond of work. etcd's is 1,000. */
    public static final int DEFAULT_BATCH_LIMIT = 250;
  }

  /** Pings on client connections; 0 switches off. */
  public record KeepAlive(long minTimeNanos, long intervalNanos, long timeoutNanos) {}

  /**
   * The HTTP side of the client port.
   *
   * @param cors allowed origins; {@code *} for all
   * @param hostWhitelist allowed names; empty or {@code *} for all
   * @param profiles whether there are pages with profiles: by the flag, or at the log level debug
   * @param requests whether there is a page with the last requests: at the log level debug
   */
  public record Http(
      boolean enableGrpcGateway,
      List<String> cors,
      List<String> hostWhitelist,
      boolean extensiveMetrics,
      boolean profiles,
      boolean requests) {}

  /**
   * When to look, and when to speak up.
   *
   * @param downgradeCheckTimeNanos 0 for never
   */
  public record Timing(
      long watchProgressNotifyIntervalNanos,
      long warningApplyDurationNanos,
      long warningUnaryRequestDurationNanos,
      long downgradeCheckTimeNanos,
      long corruptCheckNanos,
      long compactHashCheckNanos) {}

  /**
   * TLS.
   *
   * @param client of connections from clients
   * @param clientAutoTls with a certificate made at the start, unless files are given
   * @param peer of connections from and to other members
   * @param peerAutoTls likewise
   * @param selfSignedYears of validity of such a certificate
   */
  public record Security(
      TlsSettings client,
      boolean clientAutoTls,
      TlsSettings peer,
      boolean peerAutoTls,
      long selfSignedYears) {
    /** None. */
    public static final Security PLAIN =
        new Security(TlsSettings.NONE, false, TlsSettings.NONE, false, 1);
  }

  /**
   * Authentication of users.
   *
   * @param token what kind of tokens, and its options
   * @param tokenTtlSeconds how long an unused simple token lives; 0 means the default
   * @param bcryptCost of new passwords; one that bcrypt does not know means the default
   */
  public record Auth(String token, long tokenTtlSeconds, long bcryptCost) {
    /** Of a node without these flags. */
    public static final Auth DEFAULT = new Auth("simple", 300, 10);
  }

  /**
   * Spans of calls, for an OpenTelemetry collector.
   *
   * @param address of the collector, host:port
   * @param serviceInstanceId empty for none
   * @param samplingRatePerMillion of the calls whose clients do not say whether to trace them
   */
  public record Tracing(
      boolean enabled,
      String address,
      String serviceName,
      String serviceInstanceId,
      int samplingRatePerMillion) {
    /** None. */
    public static final Tracing OFF = new Tracing(false, "localhost:4317", "etcd", "", 0);
  }

  /** The same with the initial members that were found out at the start. */
  public NodeConfig withInitialMembers(Map<String, List<EtcdUrl>> members, String token) {
    return new NodeConfig(
        name,
        dataDir,
        walDir,
        urls,
        sockets,
        cluster.of(members, token),
        discovery,
        raft,
        storage,
        limits,
        compaction,
        keepAlive,
        http,
        timing,
        featureGates,
        log,
        security,
        auth,
        tracing);
  }

  /** How long a request may take before it fails: 5 s and two election timeouts, as in etcd. */
  public long requestTimeoutNanos() {
    return 5_000_000_000L + 2 * electionTimeoutByTicksNanos();
  }

  /** The election timeout in whole heartbeats. */
  public long electionTimeoutByTicksNanos() {
    return raft.electionTicks() * raft.heartbeatIntervalNanos();
  }

  /** The folder in the data directory that holds this member's files. */
  public Path memberDir() {
    return dataDir.resolve("member");
  }
}
