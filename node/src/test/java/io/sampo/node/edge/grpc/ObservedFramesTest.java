package io.sampo.node.edge.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a stream to a client ended, as etcd's metrics count it. */
class ObservedFramesTest {
  private static final ByteString FRAME = ByteString.fromString("frame");

  private final ActorTestKit kit = ActorTestKit.create();
  private final AtomicInteger bytes = new AtomicInteger();
  private final CompletableFuture<Status.Code> end = new CompletableFuture<>();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private Status.Code endOf(Source<ByteString, NotUsed> frames, Sink<ByteString, ?> client)
      throws Exception {
    frames.via(new ObservedFrames(bytes::addAndGet, end::complete)).to(client).run(kit.system());
    return end.get(60, TimeUnit.SECONDS);
  }

  @Test
  void whatEndsByItselfIsFine() throws Exception {
    assertEquals(Status.Code.OK, endOf(Source.from(List.of(FRAME, FRAME)), Sink.ignore()));
    assertEquals(2 * FRAME.size(), bytes.get());
  }

  @Test
  void aClientThatLeavesHasCancelled() throws Exception {
    assertEquals(Status.Code.CANCELLED, endOf(Source.repeat(FRAME), Sink.head()));
  }

  @Test
  void aClientThatLeavesAStreamWithoutFramesHasCancelled() throws Exception {
    assertEquals(Status.Code.CANCELLED, endOf(Source.never(), Sink.cancelled()));
  }

  @Test
  void aFailureHasItsStatus() throws Exception {
    Source<ByteString, NotUsed> failed = Source.failed(EtcdError.NO_LEADER.exception());
    assertEquals(Status.Code.UNAVAILABLE, endOf(failed, Sink.ignore()));
  }

  @Test
  void aDeadlineIsTold() throws Exception {
    Source<ByteString, NotUsed> late =
        Source.<ByteString>never().completionTimeout(Duration.ofMillis(1));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, endOf(late, Sink.ignore()));
  }
}
