package io.sampo.node.edge;

import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Runs what a client can make long on threads of its own, in slices: after each the work stands at
 * the end of the line again, so that a long one holds up a short one for a few slices only. The
 * first slice runs where the work is asked for, which is all that short work needs.
 *
 * <p>For any thread. Whoever cancels the future ends the work behind the slice under way.
 */
public final class LongWork {

  /** Work that is done in slices, by one thread at a time. */
  public interface Slices<T> {
    /**
     * Does a slice, of a millisecond or less.
     *
     * @return whether that was the last one, so that {@link #result} is there
     */
    boolean advance();

    T result();
  }

  private final Executor executor;

  /**
   * @param executor runs slices in the order they came
   */
  public LongWork(Executor executor) {
    this.executor = executor;
  }

  /** For work that cannot be cut into slices. */
  public Executor executor() {
    return executor;
  }

  /** Begins at once, with the first slice on this thread. */
  public <T> CompletableFuture<T> run(Supplier<? extends Slices<T>> work) {
    Task<T> task = new Task<>(work);
    task.begin();
    return task;
  }

  /** Begins when something has succeeded, with the first slice on the thread that says so. */
  public <T> CompletableFuture<T> after(
      CompletableFuture<?> ready, Supplier<? extends Slices<T>> work) {
    Task<T> task = new Task<>(work);
    ready.whenComplete(
        (done, failure) -> {
          if (failure == null) {
            task.begin();
          } else {
            task.completeExceptionally(
                failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
          }
        });
    return task;
  }

  /**
   * What an iterator gives, as a stream: each element is made when it is asked for, as a slice, and
   * so is the iterator.
   *
   * @param form what becomes of an element within the same slice
   */
  public <E, R> Source<R, NotUsed> source(
      Supplier<? extends Iterator<E>> iterator, Function<E, R> form) {
    return Source.unfoldAsync(
        new Elements<>(iterator, form),
        elements ->
            CompletableFuture.supplyAsync(
                () -> elements.next().map(element -> Pair.create(elements, element)), executor));
  }

  private static final class Elements<E, R> {
    private final Supplier<? extends Iterator<E>> supplier;
    private final Function<E, R> form;
    private Iterator<E> iterator;

    Elements(Supplier<? extends Iterator<E>> supplier, Function<E, R> form) {
      this.supplier = supplier;
      this.form = form;
    }

    Optional<R> next() {
      if (iterator == null) {
        iterator = supplier.get();
      }
      return iterator.hasNext() ? Optional.of(form.apply(iterator.next())) : Optional.empty();
    }
  }

  private final class Task<T> extends CompletableFuture<T> implements Runnable {
    private final Supplier<? extends Slices<T>> work;
    private Slices<T> slices;

    Task(Supplier<? extends Slices<T>> work) {
      this.work = work;
    }

    void begin() {
      if (isDone()) {
        return;
      }
      try {
        slices = work.get();
      } catch (RuntimeException e) {
        completeExceptionally(e);
        return;
      }
      run();
    }

    @Override
    public void run() {
      if (isDone()) {
        return;
      }
      try {
        if (slices.advance()) {
          complete(slices.result());
        } else {
          executor.execute(this);
        }
      } catch (RejectedExecutionException ended) {
        // The node has stopped, and its clients' connections with it: nobody would hear.
        cancel(false);
      } catch (RuntimeException e) {
        completeExceptionally(e);
      }
    }
  }
}
