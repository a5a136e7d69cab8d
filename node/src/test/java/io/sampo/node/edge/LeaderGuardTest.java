package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.protocol.error.EtcdError;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Streams that ask for a leader. */
class LeaderGuardTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private long leader = 2;
  private final LeaderGuard guard = new LeaderGuard(() -> leader != 0);
  private final BehaviorTestKit<LeaderGuard.Command> kit =
      BehaviorTestKit.create(guard.looking(Duration.ofSeconds(1)));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private CompletableFuture<?> open() {
    return Source.<Integer>maybe()
        .via(guard.flow())
        .runWith(Sink.ignore(), KIT.system())
        .toCompletableFuture();
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      kit.run(LeaderGuard.Command.LOOK);
    }
  }

  @Test
  void theyEndAtTheThirdLookWithoutOne() {
    CompletableFuture<?> stream = open();
    leader = 0;
    look(2);
    leader = 3;
    look(1);
    leader = 0;
    look(2);
    assertFalse(stream.isDone());
    look(1);
    var end = assertThrows(CompletionException.class, stream::join);
    assertEquals(EtcdError.NO_LEADER.exception(), end.getCause());
  }

  @Test
  void thoseOpenedLaterHaveTheirOwnEnd() {
    leader = 0;
    look(3);
    CompletableFuture<?> late = open();
    assertFalse(late.isDone());
    look(1);
    var end = assertThrows(CompletionException.class, late::join);
    assertEquals(EtcdError.NO_LEADER.exception(), end.getCause());
  }
}
