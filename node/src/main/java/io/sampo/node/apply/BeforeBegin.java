package io.sampo.node.apply;

import io.sampo.node.apply.Applier.Begin;
import io.sampo.node.apply.Applier.Command;
import io.sampo.node.apply.Applier.Subscribe;
import io.sampo.node.state.ApplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The applier before it is told to begin: what is committed waits until all have subscribed. */
final class BeforeBegin {
  /**
   * Batches that may come before {@link Begin}; more cannot, as Raft waits for what it committed.
   */
  private static final int MAX_EARLY = 1_000;

  private BeforeBegin() {}

  /**
   * @param begun what follows, made for those who have subscribed
   */
  static Behavior<Command> create(Function<List<Consumer<ApplyEvent>>, Behavior<Command>> begun) {
    List<Consumer<ApplyEvent>> subscribers = new ArrayList<>();
    return Behaviors.withStash(
        MAX_EARLY,
        early ->
            Behaviors.receive(Command.class)
                .onMessage(
                    Subscribe.class,
                    subscribe -> {
                      subscribers.add(subscribe.subscriber());
                      return Behaviors.same();
                    })
                .onMessageEquals(
                    Begin.INSTANCE, () -> early.unstashAll(begun.apply(List.copyOf(subscribers))))
                .onAnyMessage(
                    command -> {
                      early.stash(command);
                      return Behaviors.same();
                    })
                .build());
  }
}
