package io.sampo.node.raft;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Raft counts: leaders, heartbeats that were late, and the writes of the log, of which one is
 * on its way at a time. Called by the actor only, except for what is asked.
 */
public final class RaftMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(RaftMetrics.class);

  /** etcd warns of a write that takes longer. */
  private static final Duration SLOW_WRITE = Duration.ofSeconds(1);

  /** etcd 3.7.1, server.go isActive. */
  private static final int ACTIVE_TICKS = 3;

  // etcd has no families of these.
  final LongAdder proposalsDroppedWithoutLeader = new LongAdder();
  final LongAdder proposalsDroppedByOverload = new LongAdder();
  final LongAdder proposalsForwarded = new LongAdder();
  final LongAdder readsFailed = new LongAdder();
  final LongAdder messagesDropped = new LongAdder();

  private final LongSupplier nanoTime;
  private final Duration heartbeatInterval;
  private final Duration heartbeatExpected;
  private final long activeNanos;
  private final Counter leaderChanges;
  private final Counter lateHeartbeats;
  private final Histogram walFsyncSeconds;
  private final Histogram walWriteSeconds;
  private final Gauge walBytes;
  private volatile long writeBegunNanos;
  private volatile boolean writing;
  private volatile boolean writeLate;
  private long lastHeartbeatNanos;
  private volatile long lastTickNanos;

  /**
   * @param status the newest, from any thread; read when somebody scrapes
   * @param heartbeatInterval of a leader, who is expected to keep it within two
   */
  public RaftMetrics(
      MetricsRegistry registry,
      Supplier<RaftStatus> status,
      LongSupplier nanoTime,
      Duration heartbeatInterval) {
    this.nanoTime = nanoTime;
    this.heartbeatInterval = heartbeatInterval;
    heartbeatExpected = heartbeatInterval.multipliedBy(2);
    activeNanos = heartbeatInterval.multipliedBy(ACTIVE_TICKS).toNanos();
    lastTickNanos = nanoTime.getAsLong();
    leaderChanges =
        registry.counter(
            "etcd_server_leader_changes_seen_total", "The number of leader changes seen.");
    lateHeartbeats =
        registry.counter(
            "etcd_server_heartbeat_send_failures_total",
            "The total number of leader heartbeat send failures (likely overloaded from slow"
                + " disk).");
    walFsyncSeconds =
        registry.histogram(
            "etcd_disk_wal_fsync_duration_seconds",
            "The latency distributions of fsync called by WAL.",
            0.001,
            2,
            14);
    walWriteSeconds =
        registry.histogram(
            "etcd_disk_wal_write_duration_seconds",
            "The latency distributions of write called by WAL.",
            0.001,
            2,
            14);
    walBytes =
        registry.gauge("etcd_disk_wal_write_bytes_total", "Total number of bytes written in WAL.");
    registry.gauge(
        "sampo_disk_write_waiting_seconds",
        "How long the write of the log that is on its way has taken so far; 0 without one.",
        this::writeWaitingSeconds);
    show(registry, status);
  }

  private double writeWaitingSeconds() {
    return writing ? (nanoTime.getAsLong() - writeBegunNanos) / 1e9 : 0;
  }

  private static void show(MetricsRegistry registry, Supplier<RaftStatus> status) {
    registry.gauge(
        "etcd_server_has_leader",
        "Whether or not a leader exists. 1 is existence, 0 is not.",
        () -> status.get().leaderId() == 0 ? 0 : 1);
    registry.gauge(
        "etcd_server_is_leader",
        "Whether or not this member is a leader. 1 if is, 0 otherwise.",
        () -> status.get().isLeader() ? 1 : 0);
    registry.gauge(
        "etcd_server_proposals_committed_total",
        "The total number of consensus proposals committed.",
        () -> status.get().committedIndex());
  }

  /** A leader became known, also the same again after none was. */
  void leaderChanged() {
    leaderChanges.inc();
  }

  /** A write of entries of this size was handed to the log. */
  void writeBegun(long bytes) {
    writeBegunNanos = nanoTime.getAsLong();
    writing = true;
    walBytes.inc(bytes);
  }

  /** The write begun last takes longer than its bound. Said once for each write. */
  void writeLate() {
    writeLate = true;
    LOG.atError()
        .addKeyValue("took", Duration.ofNanos(nanoTime.getAsLong() - writeBegunNanos))
        .log("the disk does not finish a write of the log; this member waits for it");
  }

  /** Whether a write of the log has passed its bound and is not durable yet. On any thread. */
  public boolean isWriteLate() {
    return writeLate;
  }

  /** The write begun last is durable. */
  void writeDurable() {
    writing = false;
    writeLate = false;
    long nanos = nanoTime.getAsLong() - writeBegunNanos;
    if (nanos > SLOW_WRITE.toNanos()) {
      LOG.atWarn()
          .addKeyValue("took", Duration.ofNanos(nanos))
          .addKeyValue("expected-duration", SLOW_WRITE)
          .log("slow fdatasync");
    }
    double seconds = nanos / 1e9;
    walFsyncSeconds.observe(seconds);
    walWriteSeconds.observe(seconds);
  }

  /** Raft's thread has come by. */
  void ticked() {
    lastTickNanos = nanoTime.getAsLong();
  }

  /**
   * Whether Raft's thread has come by within three ticks. Where it has not, it stands still, and
   * this member may be deposed without knowing. On any thread.
   */
  public boolean isActive() {
    long last = lastTickNanos;
    return nanoTime.getAsLong() - last <= activeNanos;
  }

  /** This member begins to lead. */
  void leadingBegun() {
    lastHeartbeatNanos = nanoTime.getAsLong();
  }

  /** It sent heartbeats to these. Late ones are said in etcd's words (etcdserver/raft.go). */
  void heartbeatsSent(Stream<Long> followers) {
    long now = nanoTime.getAsLong();
    long late = now - lastHeartbeatNanos - heartbeatExpected.toNanos();
    lastHeartbeatNanos = now;
    if (late > 0) {
      followers.forEach(to -> heartbeatLate(to, Duration.ofNanos(late)));
    }
  }

  private void heartbeatLate(long to, Duration exceeded) {
    lateHeartbeats.inc();
    LOG.atWarn()
        .addKeyValue("to", Long.toHexString(to))
        .addKeyValue("heartbeat-interval", heartbeatInterval)
        .addKeyValue("expected-duration", heartbeatExpected)
        .addKeyValue("exceeded-duration", exceeded)
        .log(
            "leader failed to send out heartbeat on time; took too long, leader is overloaded"
                + " likely from slow disk");
  }

  /** No leader was known, or it was handing over. */
  public long proposalsDroppedWithoutLeader() {
    return proposalsDroppedWithoutLeader.sum();
  }

  /** More was uncommitted than the limits allow. */
  public long proposalsDroppedByOverload() {
    return proposalsDroppedByOverload.sum();
  }

  public long proposalsForwarded() {
    return proposalsForwarded.sum();
  }

  public long readsFailed() {
    return readsFailed.sum();
  }

  /** Messages that came before recovery was done and found no room, or that no peer may send. */
  public long messagesDropped() {
    return messagesDropped.sum();
  }
}
