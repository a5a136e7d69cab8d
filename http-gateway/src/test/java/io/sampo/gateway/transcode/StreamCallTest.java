package io.sampo.gateway.transcode;

import static io.sampo.gateway.transcode.GatewayFixture.post;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.gateway.transcode.GatewayFixture.Answer;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every expectation here is what etcd 3.7.1 answered to the same request. */
class StreamCallTest {
  private static final RawHeader HAS_LEADER = RawHeader.create("Grpc-Metadata-hasleader", "true");
  private static final String PATH = "/v3/lease/keepalive";
  private static final String SEVEN = "{\"result\":{\"ID\":\"7\",\"TTL\":\"100\"}}\n";

  private static final ActorSystem SYSTEM = ActorSystem.create("gateway-test");

  private final GatewayFixture fixture = new GatewayFixture(SYSTEM);

  @AfterAll
  static void stop() {
    TestKit.shutdownActorSystem(SYSTEM);
  }

  private Answer keepAlive(String body) throws Exception {
    return fixture.send(post(PATH, body));
  }

  @Test
  void everyObjectIsAMessageAndEveryMessageALine() throws Exception {
    Answer answer = keepAlive("{\"ID\":7}{\"ID\":77} \n{\"ID\":7}");
    assertEquals(SEVEN + "{\"result\":{\"ID\":\"77\",\"TTL\":\"100\"}}\n" + SEVEN, answer.body());
    assertEquals(200, answer.status());
    assertEquals("application/json", answer.contentType());
    assertEquals("application/grpc", answer.header("Grpc-Metadata-Content-Type"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {"{\"ID\":7}garbage{\"ID\":77}", "{\"ID\":7}null{\"ID\":77}", "{\"ID\":7}{\"ID\":"})
  void badInputEndsTheRequestsSilently(String body) throws Exception {
    Answer answer = keepAlive(body);
    assertEquals(SEVEN, answer.body());
    assertEquals(200, answer.status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {"garbage", "``", "null"})
  void aStreamWithoutMessagesHasNoContentType(String body) throws Exception {
    Answer answer = keepAlive(body);
    assertEquals("", answer.body());
    assertEquals(200, answer.status());
    assertEquals(ContentTypes.NO_CONTENT_TYPE.toString(), answer.contentType());
    assertEquals("", answer.header("Grpc-Metadata-Content-Type"));
  }

  @Test
  void aFailureBeforeTheFirstMessageIsTheStatus() throws Exception {
    fixture.lease.keepAlive = requests -> Source.failed(EtcdError.INVALID_AUTH_TOKEN.exception());
    Answer answer = keepAlive("{\"ID\":7}");
    assertEquals(401, answer.status());
    assertEquals(
        "{\"error\":{\"code\":16,\"message\":\"etcdserver: invalid auth token\"}}\n",
        answer.body());
    assertEquals("", answer.header("Www-Authenticate"));
  }

  @Test
  void aFailureAfterAMessageIsTheLastLine() throws Exception {
    LeaseKeepAliveResponse seven = LeaseKeepAliveResponse.newBuilder().setID(7).setTTL(100).build();
    fixture.lease.keepAlive =
        requests ->
            Source.range(1, 2)
                .map(
                    number -> {
                      if (number == 2) {
                        throw EtcdError.NO_LEADER.exception();
                      }
                      return seven;
                    });
    Answer answer = keepAlive("{\"ID\":7}");
    assertEquals(200, answer.status());
    assertEquals(
        SEVEN + "{\"error\":{\"code\":14,\"message\":\"etcdserver: no leader\"}}\n", answer.body());
  }

  @Test
  void anExceptionOfTheCallIsAFailure() throws Exception {
    fixture.lease.keepAlive =
        requests -> {
          throw EtcdError.NO_LEADER.exception();
        };
    assertEquals(503, keepAlive("{\"ID\":7}").status());
  }

  @Test
  void linesAreSentWhileRequestsStillCome() throws Exception {
    var queue =
        Source.<ByteString>queue(4, OverflowStrategy.fail()).preMaterialize(fixture.materializer);
    HttpRequest request =
        HttpRequest.POST(PATH)
            .withEntity(HttpEntities.createChunked(ContentTypes.APPLICATION_JSON, queue.second()));
    var answer = fixture.gateway.apply(request).toCompletableFuture();
    queue.first().offer(ByteString.fromString("{\"ID\":7}"));
    HttpResponse response = answer.get(10, TimeUnit.SECONDS);
    var lines = response.entity().getDataBytes().runWith(Sink.queue(), fixture.materializer);
    assertEquals(SEVEN, pull(lines.pull()));
    queue.first().offer(ByteString.fromString("{\"I"));
    queue.first().offer(ByteString.fromString("D\":7}{"));
    assertEquals(SEVEN, pull(lines.pull()));
    queue.first().complete();
    assertEquals("", pull(lines.pull()));
  }

  private static String pull(CompletionStage<Optional<ByteString>> next) throws Exception {
    return next.toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .map(ByteString::utf8String)
        .orElse("");
  }

  @Test
  void theClientLeavingCancelsTheService() throws Exception {
    CompletableFuture<Object> cancelled = new CompletableFuture<>();
    LeaseKeepAliveResponse seven = LeaseKeepAliveResponse.newBuilder().setID(7).build();
    fixture.lease.keepAlive =
        requests ->
            Source.single(seven)
                .concat(Source.never())
                .watchTermination(
                    (notUsed, done) -> {
                      done.whenComplete((ok, failed) -> cancelled.complete(true));
                      return notUsed;
                    });
    HttpResponse response =
        fixture
            .gateway
            .apply(post(PATH, "{\"ID\":7}"))
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    response.entity().getDataBytes().runWith(Sink.head(), fixture.materializer);
    assertEquals(true, cancelled.get(10, TimeUnit.SECONDS));
  }

  @Test
  void theDeadlineEndsTheStreamWithALine() throws Exception {
    fixture.lease.keepAlive = requests -> Source.never();
    Answer answer = fixture.send(post(PATH, "").addHeader(RawHeader.create("Grpc-Timeout", "10m")));
    assertEquals(504, answer.status());
    assertEquals(
        "{\"error\":{\"code\":4,\"message\":\"context deadline exceeded\"}}\n", answer.body());
  }

  @Test
  void aClientThatLeavesBeforeTheFirstMessageCancelsTheService() throws Exception {
    CompletableFuture<Object> cancelled = new CompletableFuture<>();
    fixture.lease.keepAlive =
        requests ->
            Source.<LeaseKeepAliveResponse>never()
                .watchTermination(
                    (notUsed, done) -> {
                      done.whenComplete((ok, failed) -> cancelled.complete(true));
                      return notUsed;
                    });
    CompletableFuture<Done> gone = new CompletableFuture<>();
    var answer = fixture.gateway.apply(ClientGone.attach(post(PATH, "{\"ID\":7}"), gone));
    gone.complete(Done.getInstance());
    assertEquals(true, cancelled.get(10, TimeUnit.SECONDS));
    assertEquals(499, answer.toCompletableFuture().get(10, TimeUnit.SECONDS).status().intValue());
  }

  @Test
  void aStreamThatAsksForALeaderIsRefusedWithoutOne() throws Exception {
    fixture.led = false;
    Answer answer = fixture.send(post(PATH, "{\"ID\":7}").addHeader(HAS_LEADER));
    assertEquals(503, answer.status());
    assertEquals(
        "{\"error\":{\"code\":14,\"message\":\"etcdserver: no leader\"}}\n", answer.body());
  }

  @Test
  void aStreamThatAsksForALeaderEndsWithIt() throws Exception {
    fixture.lease.keepAlive = requests -> Source.never();
    var answer = fixture.gateway.apply(post(PATH, "{\"ID\":7}").addHeader(HAS_LEADER));
    fixture.streams.abort(EtcdError.NO_LEADER.exception());
    assertEquals(503, answer.toCompletableFuture().get(10, TimeUnit.SECONDS).status().intValue());
  }

  @Test
  void aMessageThatNeverEndsIsRefused() throws Exception {
    ByteString piece = ByteString.fromString("\"" + " ".repeat(1 << 20));
    HttpRequest request =
        HttpRequest.POST(PATH)
            .withEntity(
                HttpEntities.createChunked(
                    ContentTypes.APPLICATION_JSON,
                    Source.from(List.of(ByteString.fromString("{\"ID\":"), piece))
                        .concat(Source.repeat(piece.drop(1)).take(40))));
    Answer answer = fixture.send(request);
    assertEquals(429, answer.status());
  }
}
