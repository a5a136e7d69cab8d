package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ConnectionError;
import io.sampo.node.edge.http2.frame.FrameReader;
import java.time.Duration;

/**
 * Ends a connection on which a header block, or any frame but DATA, has begun and does not end. A
 * client that says nothing between them may do so for ever. It costs a timer only where something
 * has begun. In turns of the connection only.
 */
final class HeadClock {
  private final ConnectionTurns turns;
  private final Duration limit;
  private final FrameReader reader;
  private final FrameHandler frames;
  private final Runnable late = this::onLate;
  private boolean running;

  /** The head that the clock was started for: what was whole before it. */
  private long startedAt;

  HeadClock(ConnectionTurns turns, Duration limit, FrameReader reader, FrameHandler frames) {
    this.turns = turns;
    this.limit = limit;
    this.reader = reader;
    this.frames = frames;
  }

  /** Bytes have come. */
  void onRead() {
    if (!running && isInHead()) {
      start();
    }
  }

  private boolean isInHead() {
    return frames.isInBlock() || reader.isInHead();
  }

  private void start() {
    running = true;
    startedAt = frames.whole();
    turns.after(limit, late);
  }

  private void onLate() {
    running = false;
    if (!isInHead()) {
      return;
    }
    if (frames.whole() == startedAt) {
      throw ConnectionError.calm("head_too_slow");
    }
    start();
  }
}
