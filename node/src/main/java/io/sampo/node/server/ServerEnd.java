package io.sampo.node.server;

import io.sampo.node.boot.StartupLog;
import io.sampo.node.member.RemovedMemberException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** How a node ends: stopped, removed from its cluster, or because it cannot go on. */
final class ServerEnd {
  private static final int FAILURE = 1;

  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
  private volatile boolean stopping;

  /** From now on a failure is only what follows from the stop. Returns false the second time. */
  synchronized boolean beginStop() {
    boolean first = !stopping;
    stopping = true;
    return first;
  }

  /** The node has stopped in order. */
  void stopped() {
    ended.complete(0);
  }

  /** The node cannot go on; says why, once. For any thread. */
  void broken(Throwable cause) {
    if (stopping || !broken.complete(cause)) {
      return;
    }
    if (cause instanceof RemovedMemberException) {
      StartupLog.removed(cause.getMessage());
      ended.complete(0);
      return;
    }
    StartupLog.fatal("the node cannot go on", String.valueOf(cause.getMessage()));
    ended.complete(FAILURE);
  }

  /** Whether it was said why the node cannot go on. */
  boolean isBroken() {
    return broken.isDone();
  }

  /** The future's value, unless the node breaks first. */
  <T> T orValue(CompletableFuture<T> future) throws Exception {
    CompletableFuture.anyOf(future, broken).get();
    if (broken.isDone()) {
      Throwable cause = broken.get();
      throw cause instanceof Exception e ? e : new IllegalStateException(cause);
    }
    return future.get();
  }

  /** Waits for the end; the exit code. */
  int await() throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a node has a code and no failure", e);
    }
  }
}
