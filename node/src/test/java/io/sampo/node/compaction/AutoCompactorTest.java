package io.sampo.node.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leader that keeps ten revisions of a hundred. */
class AutoCompactorTest {
  private static final Duration INTERVAL = new RevisionRetention(10).interval();

  /** What an actor does, it does in the call that told it. */
  private static final Config SAME_THREAD =
      ConfigFactory.parseString(
          "same-thread.type = org.apache.pekko.testkit.CallingThreadDispatcherConfigurator");

  private final ActorTestKit kit =
      ActorTestKit.create(SAME_THREAD.withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final List<Long> proposed = new ArrayList<>();
  private ReplyTo<CompactionResponse> replyTo;

  private final ActorRef<AutoCompactor.Command> compactor =
      kit.spawn(
          AutoCompactor.create(
              () -> new RevisionRetention(10),
              (revision, asked) -> {
                proposed.add(revision);
                replyTo = asked;
              },
              () -> 100,
              () -> 0),
          DispatcherSelector.fromConfig("same-thread"));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void lead(boolean leader) {
    compactor.tell(new AutoCompactor.Leadership(new LeadershipChange(leader, 5)));
  }

  @Test
  void onlyALeaderCompacts() {
    time.timePasses(INTERVAL);
    lead(true);
    lead(false);
    time.timePasses(INTERVAL);
    assertEquals(List.of(), proposed);
  }

  @Test
  void aRevisionIsCompactedOnce() {
    lead(true);
    time.timePasses(INTERVAL);
    assertEquals(List.of(90L), proposed);
    replyTo.tell(CompactionResponse.getDefaultInstance());
    time.timePasses(INTERVAL);
    assertEquals(List.of(90L), proposed);
  }

  @Test
  void aCompactionThatSomebodyElseHasDoneIsDone() {
    lead(true);
    time.timePasses(INTERVAL);
    replyTo.fail(EtcdError.COMPACTED.exception());
    time.timePasses(INTERVAL);
    assertEquals(List.of(90L), proposed);
  }

  @Test
  void aCompactionThatFailedIsTriedAgain() {
    lead(true);
    time.timePasses(INTERVAL);
    replyTo.fail(EtcdError.TIMEOUT.exception());
    time.timePasses(INTERVAL);
    assertEquals(List.of(90L, 90L), proposed);
  }
}
