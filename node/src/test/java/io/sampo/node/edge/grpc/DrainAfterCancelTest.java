package io.sampo.node.edge.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class DrainAfterCancelTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final CompletableFuture<Done> clientDone = new CompletableFuture<>();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void bytesPass() throws Exception {
    assertEquals(List.of("0", "1", "2"), get(run(numbers(3, new AtomicInteger()), 10)));
  }

  @Test
  void aFailurePasses() {
    IllegalStateException gone = new IllegalStateException("gone");
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> get(run(Source.failed(gone), 10)));
    assertSame(gone, failure.getCause());
  }

  @Test
  void whatComesAfterTheReaderStoppedIsDroppedUntilTheClientEnds() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    assertEquals(List.of("0"), get(run(numbers(100, sent), 1)));
    get(clientDone);
    assertEquals(100, sent.get());
  }

  @Test
  void aClientThatFailsAfterTheReaderStoppedIsNoNews() throws Exception {
    Source<ByteString, NotUsed> client =
        numbers(2, new AtomicInteger())
            .concatLazy(Source.lazySource(() -> Source.failed(new IllegalStateException("gone"))));
    assertEquals(List.of("0"), get(run(client, 1)));
    assertThrows(ExecutionException.class, () -> get(clientDone));
  }

  @Test
  void aClientThatNeitherSendsNorEndsIsCutOff() throws Exception {
    Source<ByteString, NotUsed> client = numbers(1, new AtomicInteger()).concat(Source.maybe());
    assertEquals(List.of("0"), get(run(client, 1)));
    get(clientDone);
  }

  private CompletionStage<List<String>> run(Source<ByteString, NotUsed> client, int taken) {
    return client
        .watchTermination(
            (mat, done) -> {
              done.whenComplete(
                  (ok, failure) -> {
                    if (failure == null) {
                      clientDone.complete(ok);
                    } else {
                      clientDone.completeExceptionally(failure);
                    }
                  });
              return mat;
            })
        .via(new DrainAfterCancel())
        .take(taken)
        .map(ByteString::utf8String)
        .runWith(Sink.seq(), KIT.system());
  }

  private static Source<ByteString, NotUsed> numbers(int count, AtomicInteger sent) {
    return Source.range(0, count - 1)
        .map(
            number -> {
              sent.incrementAndGet();
              return ByteString.fromString(number.toString());
            });
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
