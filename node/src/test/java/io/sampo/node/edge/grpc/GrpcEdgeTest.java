package io.sampo.node.edge.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.node.edge.StreamGuard;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.healthpb.HealthCheckRequest;
import io.sampo.protocol.healthpb.HealthCheckResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class GrpcEdgeTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final byte[] PING = {1, 2, 3};

  private final List<Status.Code> codes = new ArrayList<>();
  private EtcdException admission;

  private final GrpcEdge edge =
      new GrpcEdge(
          List.of(
              new GrpcMethod.Unary(
                  "/test.Echo/Echo", (message, call) -> CompletableFuture.completedFuture(message)),
              new GrpcMethod.Unary(
                  "/test.Echo/Fail",
                  (message, call) ->
                      CompletableFuture.failedFuture(EtcdError.EMPTY_KEY.exception())),
              new GrpcMethod.Unary(
                  "/test.Echo/Never", (message, call) -> new CompletableFuture<>()),
              new GrpcMethod.Streaming(
                  "/test.Echo/Stream", "bidi_stream", (messages, call) -> messages),
              new GrpcMethod.Streaming(
                  "/test.Echo/Broken",
                  "server_stream",
                  (messages, call) ->
                      Source.range(1, 2)
                          .map(
                              n -> {
                                if (n == 2) {
                                  throw EtcdError.COMPACTED.exception();
                                }
                                return PING;
                              }))),
          new GrpcEdge.Settings(100, (method, call) -> admission, StreamGuard.NONE),
          new GrpcListener() {
            @Override
            public void started(GrpcMethod method, GrpcCall call, long requestBytes) {}

            @Override
            public void finished(
                GrpcMethod method, GrpcCall call, Status.Code code, long bytes, long nanos) {
              codes.add(code);
            }

            @Override
            public void streamed(GrpcMethod method, boolean received, long bytes) {}
          },
          Materializer.createMaterializer(KIT.system()),
          KIT.system().scheduler(),
          KIT.system().executionContext(),
          () -> 0L);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void aUnaryCallIsAnsweredWithAFrameAndATrailer() throws Exception {
    HttpResponse response = call(post("/test.Echo/Echo", GrpcFrames.frame(PING)));
    HttpEntity.Strict entity = (HttpEntity.Strict) response.entity();
    assertArrayEquals(PING, GrpcFrames.single(entity.getData(), "identity", 100));
    assertEquals("application/grpc", entity.getContentType().toString());
    assertTrue(response.getAttribute(AttributeKeys.trailer).isPresent());
    assertEquals(List.of(Status.Code.OK), codes);
  }

  @Test
  void whoSendsGzipGetsGzip() throws Exception {
    HttpRequest request =
        post("/test.Echo/Echo", GrpcFrames.frame(PING, "gzip"))
            .addHeader(RawHeader.create("grpc-encoding", "gzip"));
    HttpResponse response = call(request);
    ByteString body = ((HttpEntity.Strict) response.entity()).getData();
    assertEquals(1, body.apply(0));
    assertArrayEquals(PING, GrpcFrames.single(body, "gzip", 100));
    assertEquals("gzip", response.getHeader("grpc-encoding").orElseThrow().value());
  }

  @Test
  void anExpectedFailureIsAStatusWithoutAMessage() throws Exception {
    HttpResponse response = call(post("/test.Echo/Fail", GrpcFrames.frame(PING)));
    assertStatus(response, Status.Code.INVALID_ARGUMENT, "etcdserver: key is not provided");
  }

  @Test
  void methodsThatAreNotThereAreNamedAsGrpcGoNamesThem() throws Exception {
    assertStatus(
        call(post("/nope", GrpcFrames.frame(PING))),
        Status.Code.UNIMPLEMENTED,
        "malformed method name: \"/nope\"");
    assertStatus(
        call(post("/test.Echo/Nope", GrpcFrames.frame(PING))),
        Status.Code.UNIMPLEMENTED,
        "unknown method Nope for service test.Echo");
    assertStatus(
        call(post("/test.Nope/Echo", GrpcFrames.frame(PING))),
        Status.Code.UNIMPLEMENTED,
        "unknown service test.Nope");
  }

  @Test
  void whatHttpRefusesHasAGrpcStatusToo() throws Exception {
    assertRefused(
        call(HttpRequest.GET("/test.Echo/Echo")),
        405,
        Status.Code.INTERNAL,
        "Received a HEADERS frame with :method \"GET\" which should be POST");
    assertRefused(
        call(HttpRequest.POST("/test.Echo/Echo").withEntity("text")),
        415,
        Status.Code.INVALID_ARGUMENT,
        "invalid gRPC request content-type \"text/plain; charset=UTF-8\"");
    assertRefused(
        call(
            post("/test.Echo/Echo", GrpcFrames.frame(PING))
                .addHeader(RawHeader.create("grpc-timeout", "10s"))),
        400,
        Status.Code.INTERNAL,
        "malformed grpc-timeout: transport: timeout unit is not recognized: \"10s\"");
  }

  private static void assertRefused(
      HttpResponse response, int httpStatus, Status.Code code, String text) {
    assertEquals(httpStatus, response.status().intValue());
    assertStatus(response.withStatus(200), code, text);
  }

  @Test
  void aCallThatIsNotAdmittedDoesNotReachItsService() throws Exception {
    admission = EtcdError.NO_LEADER.exception();
    assertStatus(
        call(post("/test.Echo/Echo", GrpcFrames.frame(PING))),
        Status.Code.UNAVAILABLE,
        "etcdserver: no leader");
    assertEquals(List.of(), codes);
  }

  @Test
  void aCallWithoutAnAnswerEndsAtItsDeadline() throws Exception {
    HttpRequest request =
        post("/test.Echo/Never", GrpcFrames.frame(PING))
            .addHeader(RawHeader.create("grpc-timeout", "10m"));
    assertStatus(call(request), Status.Code.DEADLINE_EXCEEDED, "context deadline exceeded");
  }

  @Test
  void aDeadlineThatIsOverEndsACallBeforeItsService() throws Exception {
    for (String path : List.of("/test.Echo/Echo", "/test.Echo/Never")) {
      HttpRequest request =
          post(path, GrpcFrames.frame(PING)).addHeader(RawHeader.create("grpc-timeout", "0n"));
      assertStatus(call(request), Status.Code.DEADLINE_EXCEEDED, "context deadline exceeded");
    }
    HttpRequest stream =
        post("/test.Echo/Stream", GrpcFrames.frame(PING))
            .addHeader(RawHeader.create("grpc-timeout", "0n"));
    assertEquals("4", trailer(parts(call(stream)).get(0), "grpc-status"));
  }

  @Test
  void aStreamEndsAtItsDeadline() throws Exception {
    HttpRequest request =
        HttpRequest.POST("/test.Echo/Stream")
            .withEntity(HttpEntities.createChunked(GrpcResponses.GRPC, Source.maybe()))
            .addHeader(RawHeader.create("grpc-timeout", "10m"));
    List<HttpEntity.ChunkStreamPart> parts = parts(call(request));
    assertEquals("4", trailer(parts.get(0), "grpc-status"));
    assertEquals("context deadline exceeded", trailer(parts.get(0), "grpc-message"));
    assertEquals(List.of(Status.Code.DEADLINE_EXCEEDED), codes);
  }

  @Test
  void aUnaryCallIsAnsweredBeforeItsClientEndsItsHalf() throws Exception {
    HttpRequest request =
        HttpRequest.POST("/test.Echo/Echo")
            .withEntity(
                HttpEntities.createChunked(
                    GrpcResponses.GRPC,
                    Source.single(GrpcFrames.frame(PING)).concat(Source.maybe())));
    HttpEntity.Strict entity = (HttpEntity.Strict) call(request).entity();
    assertArrayEquals(PING, GrpcFrames.single(entity.getData(), "identity", 100));
  }

  @Test
  void aBodyThatComesInPiecesIsTheSameCall() throws Exception {
    ByteString frame = GrpcFrames.frame(PING);
    HttpRequest request =
        HttpRequest.POST("/test.Echo/Echo")
            .withEntity(
                HttpEntities.createChunked(
                    GrpcResponses.GRPC, Source.from(List.of(frame.take(2), frame.drop(2)))));
    HttpEntity.Strict entity = (HttpEntity.Strict) call(request).entity();
    assertArrayEquals(PING, GrpcFrames.single(entity.getData(), "identity", 100));
  }

  @Test
  void aBodyThatIsTooLargeIsReadToItsEndAndRefusedWithItsSize() throws Exception {
    ByteString frame = GrpcFrames.frame(new byte[5_000]);
    List<ByteString> pieces =
        List.of(frame.take(3), frame.slice(3, 60), frame.slice(60, 4_000), frame.drop(4_000));
    for (int together = 1; together <= pieces.size(); together++) {
      ByteString first =
          pieces.subList(0, together).stream().reduce(ByteString::concat).orElseThrow();
      List<ByteString> cut = new ArrayList<>(List.of(first));
      cut.addAll(pieces.subList(together, pieces.size()));
      AtomicBoolean cancelled = new AtomicBoolean();
      HttpRequest request =
          HttpRequest.POST("/test.Echo/Echo")
              .withEntity(
                  HttpEntities.createChunked(
                      GrpcResponses.GRPC,
                      Source.from(cut)
                          .watchTermination(
                              (mat, done) -> {
                                done.exceptionally(
                                    e -> {
                                      cancelled.set(true);
                                      return null;
                                    });
                                return mat;
                              })));
      assertStatus(
          call(request),
          Status.Code.RESOURCE_EXHAUSTED,
          "grpc: received message larger than max (5000 vs. 100)");
      assertFalse(cancelled.get());
    }
  }

  @Test
  void aClientThatGoesAwayIsNobodysFault() throws Exception {
    HttpRequest request =
        HttpRequest.POST("/test.Echo/Echo")
            .withEntity(
                HttpEntities.createChunked(
                    GrpcResponses.GRPC, Source.failed(new IllegalStateException("gone"))));
    assertStatus(call(request), Status.Code.CANCELLED, "context canceled");
  }

  @Test
  void aStreamIsCutIntoMessagesWhereverItsBytesWereCut() throws Exception {
    ByteString two = GrpcFrames.frame(PING).concat(GrpcFrames.frame(new byte[] {9}));
    List<ByteString> pieces = new ArrayList<>();
    for (int i = 0; i < two.size(); i++) {
      pieces.add(two.slice(i, i + 1));
    }
    HttpRequest request =
        HttpRequest.POST("/test.Echo/Stream")
            .withEntity(HttpEntities.createChunked(GrpcResponses.GRPC, Source.from(pieces)));
    List<HttpEntity.ChunkStreamPart> parts = parts(call(request));
    assertEquals(3, parts.size());
    assertEquals(GrpcFrames.frame(PING), parts.get(0).data());
    assertEquals("0", trailer(parts.get(2), "grpc-status"));
  }

  @Test
  void aStreamThatBreaksEndsWithTheStatusOfWhatBrokeIt() throws Exception {
    List<HttpEntity.ChunkStreamPart> parts =
        parts(call(post("/test.Echo/Broken", GrpcFrames.frame(PING))));
    assertEquals(2, parts.size());
    assertEquals("11", trailer(parts.get(1), "grpc-status"));
    assertEquals(EtcdError.COMPACTED.text(), trailer(parts.get(1), "grpc-message"));
  }

  @Test
  void statusTextsArePercentEncoded() {
    assertEquals("100%25 %C3%A9", GrpcResponses.percentEncoded("100% é"));
  }

  private static String trailer(HttpEntity.ChunkStreamPart last, String name) {
    for (var header : last.getTrailerHeaders()) {
      if (header.is(name)) {
        return header.value();
      }
    }
    return null;
  }

  private static List<HttpEntity.ChunkStreamPart> parts(HttpResponse response) throws Exception {
    HttpEntity.Chunked chunked = (HttpEntity.Chunked) response.entity();
    return chunked
        .getChunks()
        .runWith(Sink.seq(), KIT.system())
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  private HttpResponse call(HttpRequest request) throws Exception {
    return edge.apply(request).toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private static HttpRequest post(String path, ByteString body) {
    return HttpRequest.POST(path).withEntity(HttpEntities.create(GrpcResponses.GRPC, body));
  }

  private static void assertStatus(HttpResponse response, Status.Code code, String text) {
    assertEquals(200, response.status().intValue());
    assertEquals(
        Integer.toString(code.value()), response.getHeader("grpc-status").orElseThrow().value());
    assertEquals(
        GrpcResponses.percentEncoded(text),
        response.getHeader("grpc-message").orElseThrow().value());
  }

  @Test
  void aCallThatWaitsIsCancelledAtItsDeadlineAndWhenItsClientLeaves() throws Exception {
    CompletableFuture<HealthCheckResponse> late = new CompletableFuture<>();
    Throwable failure =
        assertThrows(
                ExecutionException.class,
                () ->
                    waiting(late, 1_000_000)
                        .runWith(Sink.head(), KIT.system())
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
            .getCause();
    assertEquals(Status.Code.DEADLINE_EXCEEDED, ((EtcdException) failure).code());
    assertThrows(CancellationException.class, () -> late.get(10, TimeUnit.SECONDS));
    CompletableFuture<HealthCheckResponse> left = new CompletableFuture<>();
    waiting(left, 0)
        .idleTimeout(Duration.ofMillis(1)) // cancels, as the connection of a client does
        .to(Sink.ignore())
        .run(KIT.system());
    assertThrows(CancellationException.class, () -> left.get(10, TimeUnit.SECONDS));
    CompletableFuture<HealthCheckResponse> answered =
        CompletableFuture.completedFuture(HealthCheckResponse.getDefaultInstance());
    assertArrayEquals(
        new byte[0],
        waiting(answered, 0)
            .runWith(Sink.head(), KIT.system())
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS));
  }

  private static Source<byte[], NotUsed> waiting(
      CompletableFuture<HealthCheckResponse> answer, long timeoutNanos) {
    GrpcCall call = new GrpcCall(HttpRequest.create(), "identity", timeoutNanos, "", false);
    return GrpcMethod.waiting(
            "/test.Wait/Wait", HealthCheckRequest.parser(), (request, metadata) -> answer)
        .handler()
        .apply(Source.single(new byte[0]), call);
  }
}
