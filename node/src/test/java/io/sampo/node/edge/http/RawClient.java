package io.sampo.node.edge.http;

import io.sampo.node.edge.Connection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;

/** The client's end of a connection without a socket: raw bytes in, raw bytes out. */
final class RawClient {
  private static final long WAIT_SECONDS = 20;
  private static final long NOT_TAKEN_SECONDS = 2;
  private static final int SEGMENTS = 1024;
  private static final int MANY_SEGMENTS = 20_000;

  private final SourceQueueWithComplete<ByteString> said;
  private final SinkQueueWithCancel<ByteString> heard;
  private final StringBuilder text = new StringBuilder();

  RawClient(ActorSystem<?> system, Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    Connection connection =
        new Connection(
            new InetSocketAddress("192.0.2.1", 1234),
            new InetSocketAddress("192.0.2.2", 2379),
            Optional.empty());
    var settings = Http1Settings.clients(ServerSettings.create(Adapter.toClassic(system)));
    var both =
        Source.<ByteString>queue(SEGMENTS, OverflowStrategy.backpressure())
            .via(new Http1(system, settings, routes).flow(connection))
            .toMat(Sink.queue(), Keep.both())
            .run(Materializer.createMaterializer(system));
    said = both.first();
    heard = both.second();
  }

  RawClient send(String latin1) {
    said.offer(ByteString.fromArray(latin1.getBytes(StandardCharsets.ISO_8859_1)));
    return this;
  }

  /**
   * Sends until as many segments wait as may, before many have been taken. The last one may be
   * taken late, so it must not be until the wait is over.
   */
  void sendUntilNotTaken(String latin1) throws Exception {
    ByteString segment = ByteString.fromArray(latin1.getBytes(StandardCharsets.ISO_8859_1));
    for (int i = 0; i < MANY_SEGMENTS; i++) {
      CompletableFuture<QueueOfferResult> taken = said.offer(segment).toCompletableFuture();
      try {
        taken.get(NOT_TAKEN_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        return;
      }
    }
    throw new AssertionError("everything was taken");
  }

  /** Says that nothing more comes. */
  RawClient end() {
    said.complete();
    return this;
  }

  /** The connection breaks. */
  void reset() {
    said.fail(new IllegalStateException("reset by peer"));
  }

  /** Everything until the server closes. */
  String readToEnd() throws Exception {
    while (readOn()) {
      // until the end
    }
    return text.toString();
  }

  /** Everything until this text has come. */
  String readTo(String expected) throws Exception {
    while (text.indexOf(expected) < 0) {
      if (!readOn()) {
        throw new AssertionError("closed after: " + text);
      }
    }
    return text.toString();
  }

  private boolean readOn() throws Exception {
    CompletableFuture<Optional<ByteString>> next = heard.pull().toCompletableFuture();
    Optional<ByteString> bytes = next.get(WAIT_SECONDS, TimeUnit.SECONDS);
    bytes.ifPresent(more -> text.append(more.decodeString(StandardCharsets.ISO_8859_1)));
    return bytes.isPresent();
  }
}
