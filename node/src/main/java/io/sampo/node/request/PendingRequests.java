package io.sampo.node.request;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.protocol.error.EtcdException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Requests of this member's clients that are on their way through the log, by request id. They are
 * answered when this member applies them, or fail when their time is up: what became of such a
 * proposal is then unknown to the client.
 *
 * @param <R> what an applied request yields
 */
public final class PendingRequests<R> {
  /** An asker who wants to know when the request is applied. */
  interface Applied {
    /**
     * It is applied now. Called by who then answers it, and before.
     *
     * @param nanos of the monotonic clock
     */
    void applying(long nanos);
  }

  private record Waiting<R>(ReplyTo<R> replyTo, long beginNanos) {}

  private final Map<Long, Waiting<R>> waiting = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;
  private final long timeoutNanos;

  public PendingRequests(LongSupplier nanoTime, long timeoutNanos) {
    this.nanoTime = nanoTime;
    this.timeoutNanos = timeoutNanos;
  }

  /** From now on {@link #complete} answers that request, or {@link #expire} fails it. */
  public void register(long id, ReplyTo<R> replyTo) {
    waiting.put(id, new Waiting<>(replyTo, nanoTime.getAsLong()));
  }

  /**
   * The request is applied now.
   *
   * @return whether it is one of ours and still waits
   */
  public boolean applying(long id, long nanos) {
    Waiting<R> request = waiting.get(id);
    if (request != null && request.replyTo() instanceof Applied asker) {
      asker.applying(nanos);
    }
    return request != null;
  }

  /** Answers the request if it is one of ours and still waits. */
  public void complete(long id, R result) {
    Waiting<R> request = waiting.remove(id);
    if (request != null) {
      request.replyTo().tell(result);
    }
  }

  /**
   * Fails every request whose time is up; how many that were.
   *
   * @param why of the moment when the request began
   */
  public int expire(LongFunction<EtcdException> why) {
    if (waiting.isEmpty()) {
      return 0;
    }
    long latest = nanoTime.getAsLong() - timeoutNanos;
    return failIf(begin -> begin - latest <= 0, why);
  }

  /** Fails every request that waits, because no answer will come any more. */
  public void failAll(EtcdException why) {
    failIf(begin -> true, begin -> why);
  }

  public int size() {
    return waiting.size();
  }

  private int failIf(LongPredicate beganAt, LongFunction<EtcdException> why) {
    int failed = 0;
    for (var entry : waiting.entrySet()) {
      long begin = entry.getValue().beginNanos();
      if (beganAt.test(begin) && waiting.remove(entry.getKey(), entry.getValue())) {
        entry.getValue().replyTo().fail(why.apply(begin));
        failed++;
      }
    }
    return failed;
  }
}
