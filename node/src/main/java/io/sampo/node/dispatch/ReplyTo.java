package io.sampo.node.dispatch;

import io.sampo.protocol.error.EtcdException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where the answer to one question goes. Whoever was asked calls one of the two methods, once, from
 * any thread. Both are quick: they pass the answer on and never run what the asker does with it.
 *
 * @param <T> what is answered
 */
public interface ReplyTo<T> {
  /** The answer. */
  void tell(T answer);

  /** There is no answer, for a reason that the asker's client may be told. */
  void fail(EtcdException why);

  /** An actor asks: both become its messages. */
  static <T, M> ReplyTo<T> actor(
      ActorRef<M> asker,
      Function<? super T, ? extends M> answered,
      Function<EtcdException, ? extends M> failed) {
    return of(answer -> asker.tell(answered.apply(answer)), why -> asker.tell(failed.apply(why)));
  }

  /**
   * Both are steps that are quick themselves.
   *
   * @param answered called on the thread that answers
   * @param failed likewise
   */
  static <T> ReplyTo<T> of(Consumer<? super T> answered, Consumer<EtcdException> failed) {
    return new ReplyTo<>() {
      @Override
      public void tell(T answer) {
        answered.accept(answer);
      }

      @Override
      public void fail(EtcdException why) {
        failed.accept(why);
      }
    };
  }

  /** Nobody wants to know. */
  static <T> ReplyTo<T> nobody() {
    return of(answer -> {}, why -> {});
  }
}
