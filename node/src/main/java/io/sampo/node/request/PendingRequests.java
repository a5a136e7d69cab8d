package io.sampo.node.request;

import io.sampo.protocol.error.EtcdException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Requests of this member's clients that are on their way through the log, by request id. They are
 * answered when this member applies them, or fail when their time is up: what became of such a
 * proposal is then unknown to the client.
 *
 * @param <R> what an applied request yields
 */
public final class PendingRequests<R> {
  private record Waiting<R>(CompletableFuture<R> result, long deadlineNanos) {}

  private final Map<Long, Waiting<R>> waiting = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;
  private final long timeoutNanos;

  public PendingRequests(LongSupplier nanoTime, long timeoutNanos) {
    this.nanoTime = nanoTime;
    this.timeoutNanos = timeoutNanos;
  }

  CompletableFuture<R> register(long id) {
    CompletableFuture<R> result = new CompletableFuture<>();
    waiting.put(id, new Waiting<>(result, nanoTime.getAsLong() + timeoutNanos));
    return result;
  }

  /** Whether the request is one of ours and still waits. */
  public boolean isWaiting(long id) {
    return waiting.containsKey(id);
  }

  /** Answers the request if it is one of ours and still waits. */
  public void complete(long id, R result) {
    Waiting<R> request = waiting.remove(id);
    if (request != null) {
      request.result().complete(result);
    }
  }

  /** Fails every request whose time is up; how many that were. */
  public int expire(EtcdException why) {
    if (waiting.isEmpty()) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    return failIf(now, why);
  }

  /** Fails every request that waits, because no answer will come any more. */
  public void failAll(EtcdException why) {
    failIf(Long.MAX_VALUE, why);
  }

  public int size() {
    return waiting.size();
  }

  private int failIf(long now, EtcdException why) {
    int failed = 0;
    for (var entry : waiting.entrySet()) {
      boolean due = now == Long.MAX_VALUE || entry.getValue().deadlineNanos() - now <= 0;
      if (due && waiting.remove(entry.getKey(), entry.getValue())) {
        entry.getValue().result().completeExceptionally(why);
        failed++;
      }
    }
    return failed;
  }
}
