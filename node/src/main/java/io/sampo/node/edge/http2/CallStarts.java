package io.sampo.node.edge.http2;

import io.sampo.node.edge.AnswerMemory;
import io.sampo.node.edge.AnswerRoom;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Begins the calls of a connection while there is room for what they answer. Those that come while
 * its client leaves too much unread wait here, in their order. In turns of the connection only.
 */
final class CallStarts {
  /** What the answer of a call will have, as long as nobody knows. */
  private static final int EXPECTED_BYTES = 1 << 12;

  private final AnswerMemory.Share share;
  private final Map<Http2Stream, Runnable> deferred = new LinkedHashMap<>(2);
  private long underWay;
  private boolean resuming;

  CallStarts(AnswerMemory.Share share) {
    this.share = share;
  }

  AnswerRoom room() {
    return new AnswerRoom(share);
  }

  /** Whether something more may be made for the client. */
  boolean mayBegin() {
    return (resuming || deferred.isEmpty()) && share.mayBegin(EXPECTED_BYTES * underWay);
  }

  /** A call is under way whose answer will be small, or asks for room itself. */
  void begun() {
    underWay++;
  }

  void made() {
    underWay--;
  }

  /** Does it when there is room. A stream waits for one thing at a time. */
  void defer(Http2Stream stream, Runnable work) {
    deferred.put(stream, work);
  }

  void forget(Http2Stream stream) {
    if (!deferred.isEmpty()) {
      deferred.remove(stream);
    }
  }

  /** Does what waited, as far as there is room. */
  void resume(ConnectionTurns turns) {
    if (deferred.isEmpty()) {
      return;
    }
    resuming = true;
    try {
      for (int i = deferred.size(); i > 0 && !deferred.isEmpty() && mayBegin(); i--) {
        Iterator<Map.Entry<Http2Stream, Runnable>> oldest = deferred.entrySet().iterator();
        Map.Entry<Http2Stream, Runnable> next = oldest.next();
        oldest.remove();
        turns.guarded(next.getKey(), next.getValue());
      }
    } finally {
      resuming = false;
    }
  }
}
