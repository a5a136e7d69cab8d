package io.sampo.node.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.mvcc.MvccStore;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stream stage with real actors: half-close, both ends of a stream, and how it fails. */
class WatchStreamsTest {
  private final ActorTestKit kit = ActorTestKit.create();
  private final MvccStore store = new MvccStore();
  private volatile MvccView view = store.view(0);
  private final ActorRef<EventHub.Command> hub = kit.spawn(EventHub.create(1, 1024, 1 << 20));
  private final List<ActorRef<WatchSession.Command>> sessions =
      new java.util.concurrent.CopyOnWriteArrayList<>();
  private final WatchStreams streams =
      new WatchStreams(
          new WatchSource(
              hub,
              () -> view,
              new WatchHeader(1, 2, () -> 3),
              WatchSettings.of(Duration.ZERO, 1 << 20),
              new WatchMetrics(new MetricsRegistry()),
              new Random(1)),
          behavior -> {
            ActorRef<WatchSession.Command> session = kit.spawn(behavior);
            sessions.add(session);
            return session;
          });

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static WatchRequest watch(String key) {
    return WatchRequest.newBuilder()
        .setCreateRequest(WatchCreateRequest.newBuilder().setKey(WatchWorld.byteString(key)))
        .build();
  }

  private void put(String key) {
    store.put(WatchWorld.bytes(key), WatchWorld.byteString("v"), 0);
    var versions = store.commit();
    view = store.view(0);
    hub.tell(new EventHub.Publish(List.of(new RevisionBatch(view.revision(), versions))));
  }

  @Test
  void aHalfClosedStreamGoesOnUntilTheClientCancels() {
    TestProbe<WatchResponse> client = kit.createTestProbe();
    UniqueKillSwitch stop =
        Source.from(List.of(watch("a"), watch("b")))
            .via(streams.responses(WatchAuthorizer.EVERYTHING))
            .viaMat(KillSwitches.single(), Keep.right())
            .to(Sink.foreach(response -> client.getRef().tell(response)))
            .run(kit.system());
    assertTrue(client.receiveMessage().getCreated());
    assertTrue(client.receiveMessage().getCreated());
    put("b");
    WatchResponse event = client.receiveMessage();
    assertEquals(1, event.getWatchId());
    assertEquals(2, event.getEvents(0).getKv().getModRevision());
    TestProbe<Object> watchdog = kit.createTestProbe();
    stop.shutdown();
    watchdog.expectTerminated(sessions.get(0), Duration.ofSeconds(5));
  }

  @Test
  void aFailureOfTheRequestsEndsTheSession() {
    CompletionStage<List<WatchResponse>> all =
        Source.<WatchRequest>failed(new IllegalStateException("connection lost"))
            .via(streams.responses(WatchAuthorizer.EVERYTHING))
            .runWith(Sink.seq(), kit.system());
    TestProbe<Object> watchdog = kit.createTestProbe();
    assertEquals("connection lost", failure(all).getMessage());
    watchdog.expectTerminated(sessions.get(0), Duration.ofSeconds(5));
  }

  @Test
  void aSessionThatDiesFailsItsStream() {
    var queueAndResult =
        Source.<WatchRequest>maybe()
            .via(streams.responses(WatchAuthorizer.EVERYTHING))
            .toMat(Sink.seq(), Keep.right())
            .run(kit.system());
    TestProbe<NotUsed> probe = kit.createTestProbe();
    probe.awaitAssert(
        () -> {
          assertEquals(1, sessions.size());
          return NotUsed.getInstance();
        });
    sessions.get(0).tell(new WatchSession.Stop());
    assertEquals(Status.Code.UNAVAILABLE, ((EtcdException) failure(queueAndResult)).code());
  }

  @Test
  void theClientOfASessionThatFailsIsTold() {
    WatchAuthorizer failing =
        (key, end) -> {
          throw new IllegalStateException("a session that fails");
        };
    CompletionStage<List<WatchResponse>> stage =
        Source.single(watch("a")).via(streams.responses(failing)).runWith(Sink.seq(), kit.system());
    assertEquals(Status.Code.INTERNAL, ((EtcdException) failure(stage)).code());
    CompletableFuture<EtcdException> ended = new CompletableFuture<>();
    streams.open(failing, listener(ended)).add(watch("a"));
    assertEquals(Status.Code.INTERNAL, ended.orTimeout(5, TimeUnit.SECONDS).join().code());
  }

  private static WatchStream.Listener listener(CompletableFuture<EtcdException> ended) {
    return new WatchStream.Listener() {
      @Override
      public void onFrames(ByteString frames, boolean taken) {}

      @Override
      public void onTaken() {}

      @Override
      public void onEnded(EtcdException why) {
        ended.complete(why);
      }
    };
  }

  private static Throwable failure(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
      throw new AssertionError("it should have failed");
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
