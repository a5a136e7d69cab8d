package io.sampo.node.edge;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;

/**
 * The room that one call's answer takes in the {@link AnswerMemory}, from before it is made until
 * its client has it. For any thread.
 */
public final class AnswerRoom {
  private final AnswerMemory.Share share;
  private long held;
  private boolean closed;

  /** What was asked for and is not granted; or null. */
  private CompletableFuture<Done> asked;

  public AnswerRoom(AnswerMemory.Share share) {
    this.share = share;
  }

  /** Where nobody waits who might not read. */
  public static AnswerRoom unbounded() {
    return new AnswerRoom(AnswerMemory.unbounded().share(() -> {}));
  }

  /**
   * Asks for room before an answer of so many bytes is made; a small one needs none. Is done at
   * once if there is room, later when there is, and never if the call ends before.
   */
  public CompletableFuture<Done> take(long bytes) {
    if (bytes <= AnswerMemory.SMALL_BYTES) {
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    CompletableFuture<Done> granted = share.take(bytes);
    if (granted.isDone()) {
      keep(bytes);
      return granted;
    }
    synchronized (this) {
      asked = granted;
    }
    return granted.thenApply(
        done -> {
          if (!keep(bytes)) {
            throw new CancellationException("the call is over");
          }
          return done;
        });
  }

  private boolean keep(long bytes) {
    synchronized (this) {
      if (!closed) {
        held += bytes;
        return true;
      }
    }
    share.give(bytes);
    return false;
  }

  /** So many bytes wait now; more than there was room for are counted as well. */
  public void waiting(long bytes) {
    long more;
    synchronized (this) {
      more = closed ? 0 : Math.max(0, bytes - held);
      held += more;
    }
    if (more > 0) {
      share.add(more);
    }
  }

  /** So many bytes have left. */
  public void left(long bytes) {
    long less;
    synchronized (this) {
      less = Math.min(bytes, held);
      held -= less;
    }
    if (less > 0) {
      share.give(less);
    }
  }

  /** The call is over and nothing of it waits any more. */
  public void close() {
    CompletableFuture<Done> given;
    synchronized (this) {
      closed = true;
      given = asked;
      asked = null;
    }
    if (given != null) {
      share.forget(given);
    }
    left(Long.MAX_VALUE);
  }
}
