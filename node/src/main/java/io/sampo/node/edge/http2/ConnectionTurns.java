package io.sampo.node.edge.http2;

import java.net.SocketAddress;
import java.time.Duration;
import org.apache.pekko.stream.Materializer;

/** What a connection does for its streams: one thing at a time, in turns. */
interface ConnectionTurns {

  /** Who has opened the connection. */
  SocketAddress remote();

  /** Runs the task in a turn; on any thread. */
  void execute(Http2Stream stream, Runnable task);

  void after(Duration delay, Runnable task);

  void cancel(Runnable task);

  /** Runs what a handler does, now; if it fails, its stream is reset. */
  void guarded(Http2Stream stream, Runnable task);

  Materializer materializer();

  <T> RequestSource<T> requestSource(Http2Stream stream, Runnable onPull, Runnable onCancel);

  <T> ResponseSink<T> responseSink(Http2Stream stream, ResponseSink.Handler<T> taker);
}
