package io.sampo.gateway.transcode;

import static io.sampo.gateway.transcode.GatewayFixture.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.gateway.transcode.GatewayFixture.Answer;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.RpcProto;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every expectation here is what etcd 3.7.1 answered to the same request. */
class UnaryCallTest {
  private static final String FOUND =
      "{\"header\":{\"cluster_id\":\"5211519669624808227\",\"member_id\":\"10444118659846891551\","
          + "\"revision\":\"2\",\"raft_term\":\"2\"},\"kvs\":[{\"key\":\"Zm9v\","
          + "\"create_revision\":\"2\",\"mod_revision\":\"2\",\"version\":\"1\","
          + "\"value\":\"YmFy\"}],\"count\":\"1\"}";

  private static final ActorSystem SYSTEM = ActorSystem.create("gateway-test");

  private final GatewayFixture fixture = new GatewayFixture(SYSTEM);

  @AfterAll
  static void stop() {
    TestKit.shutdownActorSystem(SYSTEM);
  }

  private Answer range(String body) throws Exception {
    return fixture.send(post("/v3/kv/range", body));
  }

  @Test
  void answersInProtoNamesWithoutDefaults() throws Exception {
    Answer answer = range("{\"key\":\"Zm9v\"}");
    assertEquals(200, answer.status());
    assertEquals(FOUND, answer.body());
    assertEquals("application/json", answer.contentType());
    assertEquals("application/grpc", answer.header("Grpc-Metadata-Content-Type"));
  }

  @Test
  void onlyPostIsAMethod() throws Exception {
    for (var method : List.of(HttpMethods.GET, HttpMethods.PUT, HttpMethods.HEAD)) {
      Answer answer = fixture.send(HttpRequest.create("/v3/kv/range").withMethod(method));
      assertEquals(501, answer.status());
      assertEquals("{\"code\":12,\"message\":\"Method Not Allowed\"}", answer.body());
    }
  }

  @Test
  void unknownPathsAreNotFound() throws Exception {
    for (String path : List.of("/v3/nope", "/v3/", "/v3/kv/range/", "/v3/kv/rangestream")) {
      Answer answer = fixture.send(post(path, "{}"));
      assertEquals(404, answer.status(), path);
      assertEquals("{\"code\":5,\"message\":\"Not Found\"}", answer.body());
      assertEquals("application/json", answer.contentType());
    }
  }

  @Test
  void anEscapedPathIsTheSamePath() throws Exception {
    assertEquals(200, fixture.send(post("/v3/kv/%72ange", "{\"key\":\"Zm9v\"}")).status());
  }

  @Test
  void additionalBindingsAreBound() throws Exception {
    for (String path : List.of("/v3/lease/timetolive", "/v3/kv/lease/timetolive")) {
      assertEquals(
          "{\"ID\":\"77\",\"TTL\":\"-1\"}", fixture.send(post(path, "{\"ID\":77}")).body());
    }
  }

  @Test
  void theContentTypeOfTheRequestDoesNotMatter() throws Exception {
    HttpRequest request =
        HttpRequest.POST("/v3/kv/range")
            .withEntity(ContentTypes.TEXT_PLAIN_UTF8, "{\"key\":\"Zm9v\"}");
    assertEquals(FOUND, fixture.send(request).body());
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED,499,1",
    "UNKNOWN,500,2",
    "INVALID_ARGUMENT,400,3",
    "DEADLINE_EXCEEDED,504,4",
    "NOT_FOUND,404,5",
    "ALREADY_EXISTS,409,6",
    "PERMISSION_DENIED,403,7",
    "RESOURCE_EXHAUSTED,429,8",
    "FAILED_PRECONDITION,400,9",
    "ABORTED,409,10",
    "OUT_OF_RANGE,400,11",
    "UNIMPLEMENTED,501,12",
    "INTERNAL,500,13",
    "UNAVAILABLE,503,14",
    "DATA_LOSS,500,15",
    "UNAUTHENTICATED,401,16",
  })
  void errorsHaveTheirStatus(Status.Code code, int status, int number) throws Exception {
    fixture.kv.failure = new EtcdException(code, "a <text> & \"more\"\u2028");
    Answer answer = range("{\"key\":\"Zm9v\"}");
    assertEquals(status, answer.status());
    assertEquals(
        "{\"code\":" + number + ",\"message\":\"a <text> & \\\"more\\\"\u2028\"}", answer.body());
  }

  @Test
  void aBadTokenIsChallenged() throws Exception {
    fixture.kv.failure = EtcdError.INVALID_AUTH_TOKEN.exception();
    Answer answer = range("{\"key\":\"Zm9v\"}");
    assertEquals("etcdserver: invalid auth token", answer.header("Www-Authenticate"));
  }

  @Test
  void anUnexpectedFailureKeepsItsTextInTheLog() throws Exception {
    fixture.kv.failure = new IllegalStateException("secret");
    Answer answer = range("{\"key\":\"Zm9v\"}");
    assertEquals(500, answer.status());
    assertFalse(answer.body().contains("secret"));
  }

  @Test
  void messagesAboveTheLimitAreRefused() throws Exception {
    String value = "A".repeat(2_200_000 / 3 * 4);
    Answer answer =
        fixture.send(post("/v3/kv/put", "{\"key\":\"eA==\",\"value\":\"" + value + "\"}"));
    assertEquals(429, answer.status());
    assertEquals(
        "{\"code\":8,\"message\":\"grpc: received message larger than max (2200007 vs. 2097152)\"}",
        answer.body());
  }

  @Test
  void aLongBodyOfASmallMessageIsTaken() throws Exception {
    String ignored = "A".repeat(8_000_000);
    assertEquals(
        200,
        fixture
            .send(post("/v3/kv/put", "{\"key\":\"eA==\",\"nope\":\"" + ignored + "\"}"))
            .status());
  }

  @Test
  void aBodyInPiecesIsReadToItsEnd() throws Exception {
    HttpRequest request =
        HttpRequest.POST("/v3/kv/range")
            .withEntity(
                HttpEntities.createChunked(
                    ContentTypes.APPLICATION_JSON,
                    Source.from(List.of("{\"ke", "y\":\"Zm", "9v\"", "}"))
                        .map(ByteString::fromString)));
    assertEquals(FOUND, fixture.send(request).body());
  }

  /** What is behind the first value does not count, not even that it is no body. */
  @ParameterizedTest
  @CsvSource({
    "'{\"key\":\"Zm9v\"}', 200, \"count\":\"1\"",
    "'{\"key\":\"Zm9v\"', 400, bad chunk",
    "'{\"key\":x', 400, invalid character 'x' looking for beginning of value",
    "'', 400, bad chunk",
  })
  void aBodyThatFailsBehindItsValueIsACall(String sent, int status, String text) throws Exception {
    Answer answer = fixture.send(cut(sent, "bad chunk"));
    assertEquals(status, answer.status());
    assertTrue(answer.body().contains(text), answer.body());
  }

  @ParameterizedTest
  @CsvSource({"'{\"key\":\"Zm9v\"}', 499", "'{\"key\":\"Zm', 400"})
  void aClientThatLeftBeforeItsBodyWasWholeGetsNoCall(String sent, int status) throws Exception {
    CompletableFuture<Done> gone = CompletableFuture.completedFuture(Done.getInstance());
    Answer answer = fixture.send(ClientGone.attach(cut(sent, "unexpected EOF"), gone));
    assertEquals(status, answer.status());
    assertNull(fixture.kv.lastMetadata);
  }

  private static HttpRequest cut(String sent, String reason) {
    return HttpRequest.POST("/v3/kv/range")
        .withEntity(
            HttpEntities.createChunked(
                ContentTypes.APPLICATION_JSON,
                Source.single(ByteString.fromString(sent))
                    .concat(Source.lazySource(() -> Source.failed(new IOException(reason))))));
  }

  @ParameterizedTest
  @CsvSource({"TE, Trailers, true", "TE, gzip, false", "A, trailers, false"})
  void whoTakesTrailersGetsChunks(String name, String value, boolean chunked) throws Exception {
    for (String body : List.of("{\"key\":\"Zm9v\"}", "nonsense")) {
      HttpRequest request = post("/v3/kv/range", body).addHeader(RawHeader.create(name, value));
      assertEquals(chunked, fixture.send(request).response().entity().isChunked(), body);
    }
    HttpRequest nowhere = post("/v3/nope", "{}").addHeader(RawHeader.create(name, value));
    assertFalse(fixture.send(nowhere).response().entity().isChunked());
  }

  @Test
  void aBodyBeyondAllBoundsIsRefused() throws Exception {
    ByteString piece = ByteString.fromString(" ".repeat(1 << 20));
    HttpRequest request =
        HttpRequest.POST("/v3/kv/range")
            .withEntity(
                HttpEntities.createChunked(
                    ContentTypes.APPLICATION_JSON, Source.repeat(piece).take(17)));
    Answer answer = fixture.send(request);
    assertEquals(429, answer.status());
    assertEquals(
        "{\"code\":8,\"message\":\"grpc: received message larger than max (17825792 vs."
            + " 2097152)\"}",
        answer.body());
  }

  @Test
  void headersBecomeMetadata() throws Exception {
    fixture.send(
        post("/v3/kv/range", "{\"key\":\"Zm9v\"}")
            .addHeader(RawHeader.create("Authorization", "a.token"))
            .addHeader(RawHeader.create("Grpc-Metadata-Client-Api-Version", "3.7"))
            .addHeader(RawHeader.create("User-Agent", "curl"))
            .addHeader(RawHeader.create("X-Other", "stays")));
    var metadata = fixture.kv.lastMetadata;
    assertEquals("a.token", metadata.getText("authorization").orElseThrow());
    assertEquals("a.token", metadata.getText("grpcgateway-authorization").orElseThrow());
    assertEquals("3.7", metadata.getText("client-api-version").orElseThrow());
    assertEquals("curl", metadata.getText("grpcgateway-user-agent").orElseThrow());
    assertTrue(metadata.getText("x-other").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "Grpc-Timeout,1x,invalid grpc-timeout: 1x",
    "Grpc-Timeout,1,invalid grpc-timeout: 1",
    "Grpc-Metadata-X-Bin,!!,invalid binary header Grpc-Metadata-X-Bin: illegal base64 data at input"
        + " byte 0",
  })
  void badHeadersAreRefused(String name, String value, String message) throws Exception {
    Answer answer =
        fixture.send(
            post("/v3/kv/range", "{\"key\":\"Zm9v\"}").addHeader(RawHeader.create(name, value)));
    assertEquals(400, answer.status());
    assertEquals("{\"code\":3,\"message\":\"" + message + "\"}", answer.body());
  }

  @Test
  void theDeadlineOfTheRequestEndsIt() throws Exception {
    fixture.kv.silent = true;
    Answer answer =
        fixture.send(
            post("/v3/kv/range", "{\"key\":\"Zm9v\"}")
                .addHeader(RawHeader.create("Grpc-Timeout", "1n")));
    assertEquals(504, answer.status());
    assertEquals("{\"code\":4,\"message\":\"context deadline exceeded\"}", answer.body());
  }

  /** By etcd: numbers wrap around as Go's do, and nothing is no limit. */
  @ParameterizedTest
  @CsvSource({"99999999H, 504", "999999999H, 200", "99999999M, 200", "0S, 200", "-1S, 504"})
  void oddDeadlinesAreAnswered(String timeout, int status) throws Exception {
    Answer answer =
        fixture.send(
            post("/v3/kv/range", "{\"key\":\"Zm9v\"}")
                .addHeader(RawHeader.create("Grpc-Timeout", timeout)));
    assertEquals(status, answer.status());
  }

  @Test
  void aClientThatLeavesCancelsACallThatWaits() throws Exception {
    CompletableFuture<Done> gone = new CompletableFuture<>();
    var answer = fixture.gateway.apply(ClientGone.attach(post("/v3/kv/deleterange", "{}"), gone));
    assertFalse(fixture.kv.waiting.isDone());
    gone.complete(Done.getInstance());
    assertTrue(fixture.kv.waiting.isCancelled());
    assertEquals(499, answer.toCompletableFuture().get(10, TimeUnit.SECONDS).status().intValue());
  }

  @Test
  void theDeadlineCancelsACallThatWaits() throws Exception {
    Answer answer =
        fixture.send(
            post("/v3/kv/deleterange", "{}").addHeader(RawHeader.create("Grpc-Timeout", "1m")));
    assertEquals(504, answer.status());
    assertThrows(CancellationException.class, () -> fixture.kv.waiting.get(10, TimeUnit.SECONDS));
  }

  @Test
  void theFailureOfACallThatWaitedHasItsStatus() throws Exception {
    var answer = fixture.gateway.apply(post("/v3/kv/deleterange", "{}"));
    fixture.kv.waiting.completeExceptionally(
        new EtcdException(Status.Code.UNKNOWN, "mutex: session is expired"));
    assertEquals(500, answer.toCompletableFuture().get(10, TimeUnit.SECONDS).status().intValue());
  }

  @Test
  void aCallThatAsksForALeaderIsRefusedWithoutOne() throws Exception {
    fixture.led = false;
    Answer answer =
        fixture.send(
            post("/v3/kv/range", "{\"key\":\"Zm9v\"}")
                .addHeader(RawHeader.create("Grpc-Metadata-hasleader", "true")));
    assertEquals(503, answer.status());
    assertEquals("{\"code\":14,\"message\":\"etcdserver: no leader\"}", answer.body());
    assertEquals(200, fixture.send(post("/v3/kv/range", "{\"key\":\"Zm9v\"}")).status());
  }

  @Test
  void aBodyThatIsCutSaysWhy() throws Exception {
    Answer answer =
        fixture.send(
            HttpRequest.POST("/v3/kv/range")
                .withEntity(
                    HttpEntities.createChunked(
                        ContentTypes.APPLICATION_JSON,
                        Source.failed(new IOException("invalid byte in chunk length")))));
    assertEquals(400, answer.status());
    assertEquals("{\"code\":3,\"message\":\"invalid byte in chunk length\"}", answer.body());
  }

  @Test
  void aServiceMustImplementItsDescriptor() {
    var kv = RpcProto.getDescriptor().findServiceByName("KV");
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new JsonGateway(
                List.of(new ServiceBinding(fixture.lease, kv)),
                1024,
                LeaderRule.LED,
                AnswerThreads.all(Runnable::run),
                fixture.materializer));
  }
}
