package io.sampo.node.edge;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/** What the answers of a stream pass through that asked for a leader ({@code hasleader}). */
public interface StreamGuard {

  /** Guards nothing. */
  StreamGuard NONE =
      new StreamGuard() {
        @Override
        public <T> Flow<T, T, NotUsed> flow() {
          return Flow.create();
        }
      };

  /** Passes everything on until the leader has been missing for too long; then it fails. */
  <T> Flow<T, T, NotUsed> flow();
}
