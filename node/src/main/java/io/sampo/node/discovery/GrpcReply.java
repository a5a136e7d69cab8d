package io.sampo.node.discovery;

import java.net.ConnectException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.Trailer;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import scala.jdk.javaapi.CollectionConverters;

/** The messages of one call's answer, and the status at their end. For one thread, which waits. */
final class GrpcReply implements AutoCloseable {
  private static final int HEAD_BYTES = 5;

  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private final Endpoint endpoint;
  private final SinkQueueWithCancel<HttpResponse> responses;
  private final Runnable disconnect;
  private final Materializer materializer;
  private final Map<String, String> status = new HashMap<>();
  private Optional<SinkQueueWithCancel<HttpEntity.ChunkStreamPart>> parts = Optional.empty();
  private ByteString buffer = ByteString.emptyByteString();
  private boolean ended;

  GrpcReply(
      Endpoint endpoint,
      SinkQueueWithCancel<HttpResponse> responses,
      Runnable disconnect,
      Materializer materializer) {
    this.endpoint = endpoint;
    this.responses = responses;
    this.disconnect = disconnect;
    this.materializer = materializer;
  }

  /**
   * The next message.
   *
   * @param leftNanos how long whoever asks may still wait, looked at before each thing that has to
   *     arrive
   * @return empty at the end of a call that went well
   */
  Optional<ByteString> next(LongSupplier leftNanos) throws GrpcException, InterruptedException {
    if (parts.isEmpty()) {
      open(leftNanos);
    }
    while (true) {
      Optional<ByteString> message = takeMessage();
      if (message.isPresent()) {
        return message;
      }
      if (ended) {
        requireOk();
        return Optional.empty();
      }
      receive(leftNanos);
    }
  }

  private void open(LongSupplier leftNanos) throws GrpcException, InterruptedException {
    HttpResponse response =
        await(responses.pull(), leftNanos)
            .orElseThrow(
                () -> GrpcException.unreachable("error reading server preface: EOF", null));
    response.getHeaders().forEach(this::note);
    response
        .getAttribute(AttributeKeys.trailer)
        .ifPresent(
            trailer ->
                CollectionConverters.asJava(((Trailer) trailer).headers())
                    .forEach(pair -> note(pair._1(), pair._2())));
    if (response.status().intValue() != 200 && !status.containsKey("grpc-status")) {
      throw GrpcException.nonsense(
          "unexpected HTTP status code received from server: " + response.status().intValue());
    }
    HttpEntity entity = response.entity();
    Source<HttpEntity.ChunkStreamPart, ?> source =
        entity instanceof HttpEntity.Chunked chunked
            ? chunked.getChunks()
            : entity
                .withoutSizeLimit()
                .getDataBytes()
                .filter(bytes -> !bytes.isEmpty())
                .map(HttpEntity.ChunkStreamPart::create);
    parts = Optional.of(source.toMat(Sink.queue(), Keep.right()).run(materializer));
  }

  private void receive(LongSupplier leftNanos) throws GrpcException, InterruptedException {
    Optional<HttpEntity.ChunkStreamPart> part = await(parts.orElseThrow().pull(), leftNanos);
    ended = part.isEmpty();
    if (part.isPresent() && part.get().isLastChunk()) {
      part.get().getTrailerHeaders().forEach(this::note);
    } else if (part.isPresent()) {
      buffer = buffer.concat(part.get().data());
    }
  }

  private Optional<ByteString> takeMessage() throws GrpcException {
    if (buffer.size() < HEAD_BYTES) {
      return Optional.empty();
    }
    int length = buffer.iterator().drop(1).getInt(java.nio.ByteOrder.BIG_ENDIAN);
    if (buffer.apply(0) != 0 || length < 0 || length > MAX_MESSAGE_BYTES) {
      throw GrpcException.nonsense("a message that was not asked for: compressed or too large");
    }
    if (buffer.size() < HEAD_BYTES + length) {
      return Optional.empty();
    }
    ByteString message = buffer.slice(HEAD_BYTES, HEAD_BYTES + length);
    buffer = buffer.drop(HEAD_BYTES + length);
    return Optional.of(message);
  }

  private void requireOk() throws GrpcException {
    String code = status.getOrDefault("grpc-status", "");
    if (!code.matches("\\d{1,3}")) {
      throw GrpcException.unreachable("error reading from server: EOF", null);
    }
    if (!code.equals("0")) {
      throw GrpcException.of(
          Integer.parseInt(code), decoded(status.getOrDefault("grpc-message", "")));
    }
  }

  private void note(HttpHeader header) {
    note(header.lowercaseName(), header.value());
  }

  private void note(String name, String value) {
    status.put(name.toLowerCase(Locale.ROOT), value);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  private <T> T await(CompletionStage<T> stage, LongSupplier leftNanos)
      throws GrpcException, InterruptedException {
    long left = leftNanos.getAsLong();
    if (left <= 0) {
      throw GrpcException.late();
    }
    try {
      return stage.toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw GrpcException.late();
    } catch (ExecutionException e) {
      throw GrpcException.unreachable(reason(e.getCause()), e.getCause());
    }
  }

  /** As Go's client words it, where that is known. */
  private String reason(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof SSLException) {
        return "transport: authentication handshake failed: " + at.getMessage();
      }
      if (at instanceof ConnectException
          || String.valueOf(at.getMessage()).contains("Connection refused")) {
        return "transport: Error while dialing: dial %s %s: connect: connection refused"
            .formatted(endpoint.socket().isPresent() ? "unix" : "tcp", endpoint.address());
      }
    }
    return "transport: " + cause.getMessage();
  }

  /** Ends the call and its connection. */
  @Override
  public void close() {
    parts.ifPresent(SinkQueueWithCancel::cancel);
    responses.cancel();
    disconnect.run();
  }
}
