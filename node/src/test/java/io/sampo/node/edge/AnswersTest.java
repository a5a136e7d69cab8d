package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.protocol.error.EtcdError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Answers come on the executor, many at a time, and none is lost. */
class AnswersTest {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<ReplyTo<Integer>> asked = new ArrayList<>();
  private final List<CompletableFuture<Integer>> answers = new ArrayList<>();

  private void ask(Answers edge, int questions) {
    for (int i = 0; i < questions; i++) {
      answers.add(edge.ask(asked::add));
    }
  }

  private void tellAll() {
    for (int i = 0; i < asked.size(); i++) {
      asked.get(i).tell(i);
    }
  }

  private long done() {
    return answers.stream().filter(CompletableFuture::isDone).count();
  }

  private int runTasks() {
    int run = 0;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      run++;
    }
    return run;
  }

  @Test
  void whoAnswersDoesNotRunWhatFollows() {
    ask(new Answers(tasks::add, 1), 1);
    asked.get(0).tell(7);
    assertFalse(answers.get(0).isDone());
    assertEquals(1, runTasks());
    assertEquals(7, answers.get(0).join());
  }

  @Test
  void aFailureIsGivenAsItIs() {
    ask(new Answers(tasks::add, 1), 1);
    asked.get(0).fail(EtcdError.TIMEOUT.exception());
    runTasks();
    CompletionException failure = assertThrows(CompletionException.class, answers.get(0)::join);
    assertSame(EtcdError.TIMEOUT.exception(), failure.getCause());
  }

  @Test
  void aThousandAnswersCostAFewTasks() {
    ask(new Answers(tasks::add, 1), 1000);
    tellAll();
    assertEquals(1, tasks.size());
    assertEquals((1000 + Answers.ANSWERS_PER_TASK - 1) / Answers.ANSWERS_PER_TASK, runTasks());
    assertEquals(1000, done());
    for (int i = 0; i < answers.size(); i++) {
      assertEquals(i, answers.get(i).join());
    }
  }

  @Test
  void othersGoFirstNowAndThen() {
    ask(new Answers(tasks::add, 1), 2 * Answers.ANSWERS_PER_TASK);
    tellAll();
    tasks.remove().run();
    assertEquals(Answers.ANSWERS_PER_TASK, done());
    assertEquals(1, tasks.size());
  }

  @Test
  void asManyTasksMayRunAsThereAreQueues() {
    ask(new Answers(tasks::add, 3), 9);
    tellAll();
    assertEquals(3, tasks.size());
    runTasks();
    assertEquals(9, done());
  }

  @Test
  void whatIsAnsweredWhileATaskRunsIsTakenByIt() {
    ask(new Answers(tasks::add, 1), 2);
    answers.get(0).thenAccept(first -> asked.get(1).tell(2));
    asked.get(0).tell(1);
    assertEquals(1, runTasks());
    assertEquals(2, done());
  }

  @Test
  void whatFollowsMayFail() {
    ask(new Answers(tasks::add, 1), 3);
    answers
        .get(0)
        .thenAccept(
            first -> {
              throw new IllegalStateException("an accident");
            });
    tellAll();
    runTasks();
    assertEquals(3, done());
  }

  @Test
  void whoStopsWaitsForTheLastAnswer() {
    Answers edge = new Answers(tasks::add, 2);
    ask(edge, 2 * Answers.ANSWERS_PER_TASK + 2);
    tellAll();
    CompletableFuture<Void> delivered = edge.delivered();
    tasks.remove().run();
    assertFalse(delivered.isDone());
    runTasks();
    assertTrue(delivered.isDone());
    assertEquals(answers.size(), done());
  }

  @Test
  void anAskerMayHaveLeft() {
    ask(new Answers(tasks::add, 1), 2);
    answers.get(0).cancel(false);
    tellAll();
    runTasks();
    assertTrue(answers.get(0).isCancelled());
    assertEquals(1, answers.get(1).join());
  }

  @Test
  void anExecutorThatHasEndedTroublesNobodyWhoAnswers() {
    ask(
        new Answers(
            task -> {
              throw new RejectedExecutionException("ended");
            },
            1),
        2);
    tellAll();
    assertEquals(0, done());
  }

  @Test
  void nothingIsLostBetweenThreads() throws Exception {
    int threads = 4;
    int each = 50_000;
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    ExecutorService tellers = Executors.newFixedThreadPool(threads);
    AtomicInteger sum = new AtomicInteger();
    try {
      Answers edge = new Answers(workers);
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        all.add(
            CompletableFuture.supplyAsync(() -> askAndTell(edge, each, sum), tellers)
                .thenCompose(told -> told));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    } finally {
      tellers.shutdown();
      workers.shutdown();
    }
    assertEquals(threads * each, sum.get());
  }

  private static CompletableFuture<Void> askAndTell(
      Answers edge, int questions, AtomicInteger sum) {
    List<CompletableFuture<Void>> all = new ArrayList<>(questions);
    for (int i = 0; i < questions; i++) {
      all.add(edge.<Integer>ask(replyTo -> replyTo.tell(1)).thenAccept(sum::addAndGet));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }
}
