package io.sampo.node.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Brings batches of spans to the collector, each on a connection of its own: there is one every few
 * seconds. What a collector does not take is lost, and said so by the exporter.
 */
final class CollectorSender implements GrpcSender {
  private static final int DEFAULT_PORT = 443;
  private static final String STATUS = "grpc-status";

  private final ActorSystem<?> system;
  private final GrpcSenderConfig config;
  private final Flow<HttpRequest, HttpResponse, ?> connection;

  CollectorSender(ActorSystem<?> system, GrpcSenderConfig config) {
    this.system = system;
    this.config = config;
    URI endpoint = config.getEndpoint();
    connection =
        Http.get(system)
            .connectionTo(endpoint.getHost().replaceAll("[\\[\\]]", ""))
            .toPort(endpoint.getPort() < 0 ? DEFAULT_PORT : endpoint.getPort())
            .http2WithPriorKnowledge();
  }

  @Override
  public void send(
      MessageWriter message, Consumer<GrpcResponse> answered, Consumer<Throwable> failed) {
    byte[] frame;
    try {
      frame = frame(message);
    } catch (IOException e) {
      failed.accept(e);
      return;
    }
    Source.single(request(frame))
        .via(connection)
        .mapAsync(1, this::outcome)
        .runWith(Sink.head(), system)
        .toCompletableFuture()
        .orTimeout(config.getTimeout().toNanos(), TimeUnit.NANOSECONDS)
        .whenCompleteAsync(
            (outcome, failure) -> {
              if (failure == null) {
                answered.accept(outcome);
              } else {
                failed.accept(failure);
              }
            },
            system.executionContext());
  }

  private HttpRequest request(byte[] frame) {
    return HttpRequest.POST(
            "http://" + config.getEndpoint().getAuthority() + "/" + config.getFullMethodName())
        .withEntity(
            ContentTypes.create(
                MediaTypes.customBinary("application", "grpc", MediaTypes.NOT_COMPRESSIBLE)),
            frame)
        .addHeader(RawHeader.create("te", "trailers"));
  }

  private static byte[] frame(MessageWriter message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(5 + message.getContentLength());
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(0);
    out.writeInt(message.getContentLength());
    message.writeMessage(out);
    return bytes.toByteArray();
  }

  /** The status is in the trailers, or in the head if there is nothing else. */
  private CompletionStage<GrpcResponse> outcome(HttpResponse response) {
    Optional<HttpHeader> inHead = response.getHeader(STATUS);
    Source<HttpHeader, ?> trailers;
    if (response.entity() instanceof HttpEntity.Chunked chunked) {
      trailers =
          chunked
              .getChunks()
              .filter(HttpEntity.ChunkStreamPart::isLastChunk)
              .mapConcat(HttpEntity.ChunkStreamPart::getTrailerHeaders);
    } else {
      response.discardEntityBytes(system);
      List<HttpHeader> known = strictTrailers(response);
      trailers = Source.from(known);
    }
    return trailers
        .filter(header -> header.lowercaseName().equals(STATUS))
        .concat(inHead.<Source<HttpHeader, NotUsed>>map(Source::single).orElse(Source.empty()))
        .map(HttpHeader::value)
        .concat(Source.single(Integer.toString(GrpcStatusCode.UNKNOWN.getValue())))
        .runWith(Sink.head(), system)
        .thenApply(status -> answer(status, response));
  }

  private static List<HttpHeader> strictTrailers(HttpResponse response) {
    return response
        .getAttribute(AttributeKeys.trailer)
        .map(org.apache.pekko.http.scaladsl.model.Trailer.class::cast)
        .map(trailer -> CollectionConverters.asJava(trailer.headers()))
        .orElse(List.of())
        .stream()
        .<HttpHeader>map(pair -> RawHeader.create(pair._1(), pair._2()))
        .toList();
  }

  private static GrpcResponse answer(String status, HttpResponse response) {
    int code = status.matches("[0-9]{1,2}") ? Integer.parseInt(status) : 2;
    return new Answer(GrpcStatusCode.fromValue(code), response.status().toString());
  }

  /**
   * @param description what HTTP says of it
   */
  private record Answer(GrpcStatusCode code, String description) implements GrpcResponse {
    @Override
    public GrpcStatusCode getStatusCode() {
      return code;
    }

    @Override
    public String getStatusDescription() {
      return description;
    }

    @Override
    public byte[] getResponseMessage() {
      return new byte[0];
    }
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
