package io.sampo.node.watch;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether a client can take one more chunk. Its stream and its session share it, so that the
 * session need not be woken to be told what it asks for when it has something.
 */
final class WatchDemand {
  private enum State {
    NONE,
    /** The client can take a chunk. */
    PULLED,
    /** It cannot, and the session waits to hear that it can. */
    MISSED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.NONE);

  /** The stream's: a chunk may come. True if the session waits to be told. */
  boolean pull() {
    return state.getAndSet(State.PULLED) == State.MISSED;
  }

  /** The session's: whether a chunk may be sent. If not, it will be told when. */
  boolean isThere() {
    return !state.compareAndSet(State.NONE, State.MISSED) && state.get() == State.PULLED;
  }

  /** The session's: it sends a chunk, as {@link #isThere} has allowed. */
  void take() {
    state.set(State.NONE);
  }
}
