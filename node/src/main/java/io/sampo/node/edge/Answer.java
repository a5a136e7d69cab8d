package io.sampo.node.edge;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.protocol.error.EtcdException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One answer on its way: a future for the asker, to whom it comes on a thread of the edge, and a
 * place to reply for whoever is asked. Cancelling it says that the asker has left.
 */
public final class Answer<T> extends CompletableFuture<T> implements ReplyTo<T> {
  private final Consumer<Answer<?>> delivery;
  private T value;
  private EtcdException failure;

  /**
   * @param delivery has {@link #deliver} called, on another thread or later
   */
  Answer(Consumer<Answer<?>> delivery) {
    this.delivery = delivery;
  }

  @Override
  public void tell(T answer) {
    value = answer;
    delivery.accept(this);
  }

  @Override
  public void fail(EtcdException why) {
    failure = why;
    delivery.accept(this);
  }

  /** Completes the future, and so runs what the asker does with the answer. */
  void deliver() {
    if (failure == null) {
      complete(value);
    } else {
      completeExceptionally(failure);
    }
  }
}
