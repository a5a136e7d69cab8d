package io.sampo.node.edge;

import java.util.function.Consumer;

/** Ends the streams that asked for a leader ({@code hasleader}). */
public interface StreamGuard {

  /** Guards nothing. */
  StreamGuard NONE = end -> () -> {};

  /**
   * Has a stream told when the leader has been missing for too long.
   *
   * @param end takes the reason, at most once, on any thread
   * @return to be run when the stream is over
   */
  Runnable watch(Consumer<Throwable> end);
}
