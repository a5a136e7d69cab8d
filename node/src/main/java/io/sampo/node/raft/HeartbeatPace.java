package io.sampo.node.raft;

import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a leader whose heartbeats are late, in etcd's words (server/etcdserver/raft.go): they are
 * expected within two intervals.
 */
public final class HeartbeatPace implements RaftCounters.HeartbeatListener {
  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatPace.class);

  private final Counter failures;
  private final LongSupplier nanoTime;
  private final Duration interval;
  private final Duration expected;
  private long lastNanos;

  public HeartbeatPace(Counter failures, LongSupplier nanoTime, Duration interval) {
    this.failures = failures;
    this.nanoTime = nanoTime;
    this.interval = interval;
    this.expected = interval.multipliedBy(2);
  }

  @Override
  public void begun() {
    lastNanos = nanoTime.getAsLong();
  }

  @Override
  public void sent(int followers) {
    long now = nanoTime.getAsLong();
    long late = now - lastNanos - expected.toNanos();
    lastNanos = now;
    if (late > 0 && followers > 0) {
      failures.inc(followers);
      LOG.atWarn()
          .addKeyValue("heartbeat-interval", interval)
          .addKeyValue("expected-duration", expected)
          .addKeyValue("exceeded-duration", Duration.ofNanos(late))
          .log(
              "leader failed to send out heartbeat on time; took too long, leader is overloaded"
                  + " likely from slow disk");
    }
  }
}
