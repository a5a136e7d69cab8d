package io.sampo.node.corruption;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.corruption.PeerHashes.Answer;
import io.sampo.node.state.mvcc.KeyHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leader, a clock that the test moves, and one peer. */
class CorruptionMonitorTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** What an actor does, it does in the call that told it. */
  private static final Config SAME_THREAD =
      ConfigFactory.parseString(
          "same-thread.type = org.apache.pekko.testkit.CallingThreadDispatcherConfigurator");

  private final ActorTestKit kit =
      ActorTestKit.create(SAME_THREAD.withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final List<Long> asked = new ArrayList<>();
  private final List<Long> alarms = new ArrayList<>();
  private final List<CompletableFuture<Void>> barriers = new ArrayList<>();
  private boolean leads = true;
  private Optional<PeerHash> answer = Optional.of(new PeerHash(20, 7, 10));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void monitor(Duration currentKeys, Duration compactions) {
    kit.spawn(
        CorruptionMonitor.create(
            new CorruptionMonitor.Settings(currentKeys, compactions, MINUTE),
            new CorruptionMonitor.Environment(
                1,
                () -> leads,
                () -> new KeyHash(7, 10, 20),
                () -> List.of(new KeyHash(5, -1, 10), new KeyHash(7, 10, 20)),
                () -> 20,
                revision -> {
                  asked.add(revision);
                  return CompletableFuture.completedFuture(List.of(new Answer(2, answer)));
                },
                () -> {
                  barriers.add(new CompletableFuture<>());
                  return barriers.get(barriers.size() - 1);
                },
                alarms::add,
                Runnable::run)),
        DispatcherSelector.fromConfig("same-thread"));
  }

  @Test
  void allKeysAreComparedWhenAReadBarrierHasPassed() {
    monitor(MINUTE, Duration.ZERO);
    answer = Optional.of(new PeerHash(20, 8, 10));
    time.timePasses(MINUTE);
    assertEquals(List.of(20L), asked);
    assertEquals(List.of(), alarms);
    time.timePasses(MINUTE);
    assertEquals(1, asked.size(), "one comparison at a time");
    barriers.get(0).complete(null);
    assertEquals(List.of(2L), alarms);
    time.timePasses(MINUTE);
    assertEquals(2, asked.size());
    barriers.get(1).completeExceptionally(new IllegalStateException("no leader"));
    time.timePasses(MINUTE);
    assertEquals(3, asked.size(), "a comparison that failed is not the last one");
  }

  @Test
  void onlyALeaderAsks() {
    leads = false;
    monitor(MINUTE, MINUTE);
    time.timePasses(MINUTE);
    assertEquals(List.of(), asked);
    leads = true;
    time.timePasses(MINUTE);
    assertEquals(2, asked.size());
  }

  @Test
  void compactionsAreComparedBackToOneThatAllKnow() {
    monitor(Duration.ZERO, MINUTE);
    answer = Optional.empty();
    time.timePasses(MINUTE);
    assertEquals(List.of(20L, 10L), asked);
    answer = Optional.of(new PeerHash(20, 8, 10));
    time.timePasses(MINUTE);
    assertEquals(List.of(20L, 10L, 20L), asked);
    assertEquals(List.of(0L), alarms, "one against one");
  }
}
