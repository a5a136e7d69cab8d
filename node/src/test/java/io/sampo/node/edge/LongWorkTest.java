package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Long work stands in line again after each slice. */
class LongWorkTest {
  private final ArrayDeque<Runnable> line = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private final LongWork work = new LongWork(line::add);

  @Test
  void shortWorkIsDoneWhereItIsAskedFor() {
    CompletableFuture<String> answer = work.run(() -> new Counted("a", 1));
    assertEquals("a", answer.join());
    assertTrue(line.isEmpty());
  }

  @Test
  void longOnesTakeTurns() {
    CompletableFuture<String> first = work.run(() -> new Counted("a", 4));
    CompletableFuture<String> second = work.run(() -> new Counted("b", 2));
    runAll();
    assertEquals(List.of("a1", "b1", "a2", "b2", "a3", "a4"), done);
    assertEquals("a", first.join());
    assertEquals("b", second.join());
  }

  @Test
  void whoLeavesEndsItsWork() {
    CompletableFuture<String> answer = work.run(() -> new Counted("a", 4));
    line.remove().run();
    answer.cancel(false);
    runAll();
    assertEquals(List.of("a1", "a2"), done);
  }

  @Test
  void itBeginsWhenWhatItWaitsForHasSucceeded() {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    CompletableFuture<String> answer = work.after(ready, () -> new Counted("a", 2));
    assertEquals(List.of(), done);
    ready.complete(null);
    assertEquals(List.of("a1"), done);
    runAll();
    assertEquals("a", answer.join());
  }

  @Test
  void itDoesNotBeginForWhoHasLeft() {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    work.after(ready, () -> new Counted("a", 2)).cancel(false);
    ready.complete(null);
    assertEquals(List.of(), done);
  }

  @Test
  void failuresAreTheAnswer() {
    EtcdException cause = EtcdError.COMPACTED.exception();
    CompletableFuture<Void> ready = new CompletableFuture<>();
    ready.completeExceptionally(cause);
    assertSame(cause, failure(work.after(ready, () -> new Counted("a", 1))));
    CompletableFuture<Void> derived = ready.thenApply(any -> any);
    assertSame(cause, failure(work.after(derived, () -> new Counted("a", 1))));
    assertSame(
        cause,
        failure(
            work.run(
                () -> {
                  throw cause;
                })));
    CompletableFuture<String> late = work.run(() -> new Counted("a", 3, cause));
    assertFalse(late.isDone());
    runAll();
    assertSame(cause, failure(late));
  }

  @Test
  void afterTheEndItIsCancelled() {
    LongWork ended =
        new LongWork(
            task -> {
              throw new RejectedExecutionException("ended");
            });
    assertTrue(ended.run(() -> new Counted("a", 2)).isCancelled());
  }

  private static Throwable failure(CompletableFuture<?> answer) {
    return assertThrows(CompletionException.class, answer::join).getCause();
  }

  private void runAll() {
    while (!line.isEmpty()) {
      line.remove().run();
    }
  }

  /** So many slices, of which the last may fail. */
  private final class Counted implements LongWork.Slices<String> {
    private final String name;
    private final int slices;
    private final RuntimeException failure;
    private int count;

    Counted(String name, int slices) {
      this(name, slices, null);
    }

    Counted(String name, int slices, RuntimeException failure) {
      this.name = name;
      this.slices = slices;
      this.failure = failure;
    }

    @Override
    public boolean advance() {
      count++;
      done.add(name + count);
      if (count == slices && failure != null) {
        throw failure;
      }
      return count == slices;
    }

    @Override
    public String result() {
      return name;
    }
  }
}
