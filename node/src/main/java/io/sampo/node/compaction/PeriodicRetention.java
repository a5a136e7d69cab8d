package io.sampo.node.compaction;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;

/**
 * Keeps what is younger than a period (etcd 3.7, mode periodic): the revision is noted ten times a
 * period, or ten times an hour where the period is longer, and every period (every hour) the store
 * is compacted to the revision of one period ago. The first compaction waits for a whole period.
 */
public final class PeriodicRetention implements RetentionRule {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int SAMPLES = 10;

  private final Duration interval;
  private final long compactEveryNanos;
  private final int retained;
  private final ArrayDeque<Long> revisions = new ArrayDeque<>();
  private long waitNanos;
  private long lastSuccessNanos;
  private long lastRevision;

  public PeriodicRetention(Duration period, long nowNanos, long currentRevision) {
    Duration compactEvery = period.compareTo(LONGEST) > 0 ? LONGEST : period;
    interval = compactEvery.dividedBy(SAMPLES);
    compactEveryNanos = compactEvery.toNanos();
    retained = (int) (period.toNanos() / interval.toNanos()) + 1;
    waitNanos = period.toNanos();
    lastSuccessNanos = nowNanos;
    revisions.add(currentRevision);
  }

  @Override
  public Duration interval() {
    return interval;
  }

  @Override
  public OptionalLong due(long nowNanos, long currentRevision) {
    long oldest = revisions.peekFirst();
    revisions.addLast(currentRevision);
    if (revisions.size() > retained) {
      revisions.removeFirst();
    }
    if (nowNanos - lastSuccessNanos < waitNanos || oldest == lastRevision) {
      return OptionalLong.empty();
    }
    waitNanos = compactEveryNanos;
    return OptionalLong.of(oldest);
  }

  @Override
  public void compacted(long nowNanos, long revision) {
    lastSuccessNanos = nowNanos;
    lastRevision = revision;
  }
}
