package io.sampo.node.peer;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.membership.MemberIds;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The {@code etcd_network_*} families of peers, with etcd's labels. Called on any thread. */
public final class PeerMetrics {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final String UNKNOWN_SENDER = "UNKNOWN_SNAPSHOT_SENDER";

  private final String local;
  private final Gauge activePeers;
  private final Counter disconnectedPeers;
  private final Counter sentBytes;
  private final Counter receivedBytes;
  private final Counter sentFailures;
  private final Counter receivedFailures;
  private final Histogram roundTrip;
  private final OfSnapshots snapshotsSent;
  private final OfSnapshots snapshotsReceived;
  private final Map<Long, OfPeer> peers = new ConcurrentHashMap<>();

  /**
   * @param localId this member's, in hexadecimal
   */
  public PeerMetrics(MetricsRegistry registry, String localId) {
    local = localId;
    String prefix = "etcd_network_";
    activePeers =
        registry.gauge(
            prefix + "active_peers",
            "The current number of active peer connections.",
            "Local",
            "Remote");
    disconnectedPeers =
        registry.counter(
            prefix + "disconnected_peers_total",
            "The total number of disconnected peers.",
            "Local",
            "Remote");
    sentBytes =
        registry.counter(
            prefix + "peer_sent_bytes_total", "The total number of bytes sent to peers.", "To");
    receivedBytes =
        registry.counter(
            prefix + "peer_received_bytes_total",
            "The total number of bytes received from peers.",
            "From");
    sentFailures =
        registry.counter(
            prefix + "peer_sent_failures_total",
            "The total number of send failures from peers.",
            "To");
    receivedFailures =
        registry.counter(
            prefix + "peer_received_failures_total",
            "The total number of receive failures from peers.",
            "From");
    roundTrip =
        registry.histogram(
            prefix + "peer_round_trip_time_seconds",
            "Round-Trip-Time histogram between peers",
            0.0001,
            2,
            16,
            "To");
    snapshotsSent = OfSnapshots.register(registry, "send", "To");
    snapshotsReceived = OfSnapshots.register(registry, "receive", "From");
  }

  /** The counters of one peer; the same ones for the same id. */
  public OfPeer peer(long id) {
    return peers.computeIfAbsent(id, unused -> new OfPeer(MemberIds.format(id)));
  }

  /** Something came over HTTP that could not be read, from this address. */
  public void receiveFailed(String address) {
    receivedFailures.labelValues(address).inc();
  }

  /** A snapshot was refused before its sender was known. */
  public void unknownSnapshotSender() {
    snapshotsReceived.failures().labelValues(UNKNOWN_SENDER).inc();
  }

  /** The counters of one peer. */
  public final class OfPeer {
    private final String id;
    private final GaugeDataPoint active;
    private final CounterDataPoint sent;
    private final CounterDataPoint received;
    private final DistributionDataPoint roundTripOfPeer;

    private OfPeer(String id) {
      this.id = id;
      active = activePeers.labelValues(local, id);
      sent = sentBytes.labelValues(id);
      received = receivedBytes.labelValues(id);
      roundTripOfPeer = roundTrip.labelValues(id);
    }

    public void became(boolean isActive) {
      if (isActive) {
        active.inc();
      } else {
        active.dec();
        disconnectedPeers.labelValues(local, id).inc();
      }
    }

    public void sent(long bytes) {
      sent.inc(bytes);
    }

    public void received(long bytes) {
      received.inc(bytes);
    }

    public void sendFailed() {
      sentFailures.labelValues(id).inc();
    }

    public void receiveFailed() {
      receivedFailures.labelValues(id).inc();
    }

    /** Smoothed, in nanoseconds. */
    public void roundTrip(long nanos) {
      roundTripOfPeer.observe(nanos / NANOS_PER_SECOND);
    }

    public void snapshotSendBegun() {
      snapshotsSent.begun(id);
    }

    public void snapshotSendEnded(boolean delivered, long nanos) {
      snapshotsSent.ended(id, delivered, nanos);
    }

    public void snapshotReceiveBegun() {
      snapshotsReceived.begun(id);
    }

    public void snapshotReceiveEnded(boolean stored, long nanos) {
      snapshotsReceived.ended(id, stored, nanos);
    }
  }

  /** The families of snapshots in one direction. */
  private record OfSnapshots(
      Gauge underWay, Counter successes, Counter failures, Histogram seconds) {

    static OfSnapshots register(MetricsRegistry registry, String direction, String label) {
      String prefix = "etcd_network_snapshot_" + direction;
      return new OfSnapshots(
          registry.gauge(
              prefix + "_inflights_total",
              "Total number of inflight snapshot " + direction + "s",
              label),
          registry.counter(
              prefix + "_success", "Total number of successful snapshot " + direction + "s", label),
          registry.counter(
              prefix + "_failures", "Total number of snapshot " + direction + " failures", label),
          registry.histogram(
              prefix + "_total_duration_seconds",
              "Total latency distributions of v3 snapshot " + direction + "s",
              0.1,
              2,
              10,
              label));
    }

    void begun(String peer) {
      underWay.labelValues(peer).inc();
    }

    void ended(String peer, boolean done, long nanos) {
      underWay.labelValues(peer).dec();
      if (done) {
        successes.labelValues(peer).inc();
        seconds.labelValues(peer).observe(nanos / NANOS_PER_SECOND);
      } else {
        failures.labelValues(peer).inc();
      }
    }
  }
}
