package io.sampo.gateway.transcode;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/** What becomes of calls that ask for a leader ({@code hasleader: true}). For any thread. */
public interface LeaderRule {
  /** As if there were always one. */
  LeaderRule LED =
      new LeaderRule() {
        @Override
        public boolean hasLeader() {
          return true;
        }

        @Override
        public <T> Flow<T, T, NotUsed> whileLed() {
          return Flow.create();
        }
      };

  /** Whether a leader is known; without one such a call is refused. */
  boolean hasLeader();

  /** Passes everything on until the leader has been missing for too long; then it fails. */
  <T> Flow<T, T, NotUsed> whileLed();
}
