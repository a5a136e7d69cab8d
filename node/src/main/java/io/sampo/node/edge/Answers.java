package io.sampo.node.edge;

import io.sampo.node.dispatch.ReplyTo;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * Turns replies into futures. An actor that answers a client only puts the answer into a queue; a
 * task on the executor completes the futures, so that what follows (encoding, compression) takes no
 * time of the actor. Answers that come together are completed together: a thousand of them cost a
 * few tasks. For any thread.
 */
public final class Answers {
  /** So many futures a task completes before it lets others go first. */
  static final int ANSWERS_PER_TASK = 64;

  /**
   * Queues, and so tasks that may run at the same time. The same number everywhere: a simulation
   * must not depend on the machine's cores.
   */
  private static final int QUEUES = 4;

  private final Executor executor;
  private final Delivery[] deliveries;

  /** Which queue is next. Threads that take the same one at the same time do no harm. */
  private int next;

  /**
   * @param executor where futures are completed; what it refuses, because it has ended, is lost
   */
  public Answers(Executor executor) {
    this(executor, QUEUES);
  }

  Answers(Executor executor, int queues) {
    this.executor = executor;
    deliveries =
        Stream.generate(() -> new Delivery(executor)).limit(queues).toArray(Delivery[]::new);
  }

  /** Where futures are completed, and other work of clients stands in line. */
  public Executor executor() {
    return executor;
  }

  /** Asks; the future is completed on the executor when the reply has come. */
  public <T> CompletableFuture<T> ask(Consumer<ReplyTo<T>> question) {
    Answer<T> answer = open();
    question.accept(answer);
    return answer;
  }

  /** For a question whose asking needs to know whether the asker has left. */
  public <T> Answer<T> open() {
    int queue = next;
    next = queue + 1 < deliveries.length ? queue + 1 : 0;
    return new Answer<>(deliveries[queue]);
  }

  /** Completes when every answer that was told before is with its asker. */
  public CompletableFuture<Void> delivered() {
    return CompletableFuture.allOf(
        Stream.of(deliveries).map(Answers::last).toArray(CompletableFuture[]::new));
  }

  private static Answer<Void> last(Delivery delivery) {
    Answer<Void> last = new Answer<>(delivery);
    last.tell(null);
    return last;
  }

  private static final class Delivery implements Consumer<Answer<?>>, Runnable {
    private final Executor executor;
    private final Queue<Answer<?>> waiting = new ManyToOneConcurrentLinkedQueue<>();

    /** Whether a task is on its way that will look at the queue. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Delivery(Executor executor) {
      this.executor = executor;
    }

    @Override
    public void accept(Answer<?> answer) {
      waiting.add(answer);
      schedule();
    }

    private void schedule() {
      if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
        try {
          executor.execute(this);
        } catch (RejectedExecutionException ended) {
          // The node has stopped, and its clients' connections with it: nobody would hear.
          scheduled.set(false);
        }
      }
    }

    @Override
    public void run() {
      try {
        deliverSome();
      } finally {
        scheduled.set(false);
        if (!waiting.isEmpty()) {
          schedule();
        }
      }
    }

    private void deliverSome() {
      for (int i = 0; i < ANSWERS_PER_TASK; i++) {
        Answer<?> answer = waiting.poll();
        if (answer == null) {
          return;
        }
        answer.deliver();
      }
    }
  }
}
