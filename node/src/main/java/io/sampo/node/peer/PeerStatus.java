package io.sampo.node.peer;

import io.sampo.node.state.membership.MemberIds;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a peer can be reached, as far as its connections tell. For any thread. */
final class PeerStatus {
  private static final Logger LOG = LoggerFactory.getLogger(PeerStatus.class);

  private final String id;
  private final LongSupplier nanoTime;
  private final PeerMetrics.OfPeer metrics;
  private final Runnable onChange;
  private boolean active;
  private long activeSinceNanos;

  /**
   * @param onChange called after every change, on the thread that noticed it
   */
  PeerStatus(long id, LongSupplier nanoTime, PeerMetrics.OfPeer metrics, Runnable onChange) {
    this.id = MemberIds.format(id);
    this.nanoTime = nanoTime;
    this.metrics = metrics;
    this.onChange = onChange;
  }

  void activate() {
    synchronized (this) {
      if (active) {
        return;
      }
      active = true;
      activeSinceNanos = nanoTime.getAsLong();
    }
    LOG.atInfo().addKeyValue("peer-id", id).log("peer became active");
    metrics.became(true);
    onChange.run();
  }

  /**
   * @param action such as {@code dial}
   * @param source such as {@code stream Message}
   */
  void deactivate(String action, String source, String reason) {
    String error = "failed to %s %s on %s (%s)".formatted(action, id, source, reason);
    synchronized (this) {
      if (!active) {
        LOG.atDebug()
            .addKeyValue("peer-id", id)
            .addKeyValue("error", error)
            .log("peer deactivated again");
        return;
      }
      active = false;
    }
    LOG.atWarn()
        .addKeyValue("peer-id", id)
        .addKeyValue("error", error)
        .log("peer became inactive (message send to peer failed)");
    metrics.became(false);
    onChange.run();
  }

  /** The peer is not talked to any more; nothing has failed. */
  void end() {
    synchronized (this) {
      if (!active) {
        return;
      }
      active = false;
    }
    metrics.became(false);
  }

  /** Empty while the peer is not active. */
  synchronized OptionalLong activeSinceNanos() {
    return active ? OptionalLong.of(activeSinceNanos) : OptionalLong.empty();
  }
}
