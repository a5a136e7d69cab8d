package io.sampo.node.compaction;

import java.time.Duration;
import java.util.OptionalLong;

/** Keeps a number of revisions: every five minutes all older ones go (etcd 3.7, mode revision). */
public final class RevisionRetention implements RetentionRule {
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  private final long revisions;
  private long last;

  /**
   * @param revisions how many revisions to keep, above 0
   */
  public RevisionRetention(long revisions) {
    this.revisions = revisions;
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public OptionalLong due(long nowNanos, long currentRevision) {
    long revision = currentRevision - revisions;
    return revision <= 0 || revision == last ? OptionalLong.empty() : OptionalLong.of(revision);
  }

  @Override
  public void compacted(long nowNanos, long revision) {
    last = revision;
  }
}
