package io.sampo.node.edge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.gateway.endpoint.SentPath;
import io.sampo.gateway.transcode.ClientGone;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Raw bytes and what etcd 3.7.1 answers to them; {@code ~} stands for a line's end. */
class Http1Test {
  private final ActorTestKit kit = ActorTestKit.create();
  private final Materializer materializer = Materializer.createMaterializer(kit.system());
  private final List<HttpRequest> asked = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Done> gone = new CompletableFuture<>();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  /** Answers with the body that came; some paths wait, or answer in pieces. */
  private CompletionStage<HttpResponse> answer(HttpRequest request) {
    asked.add(request);
    switch (request.getUri().path()) {
      case "/waits" -> {
        ClientGone.of(request).thenAccept(gone::complete);
        return new CompletableFuture<>();
      }
      case "/pieces" -> {
        var pieces = Source.from(List.of("one.", "two.")).map(ByteString::fromString);
        return CompletableFuture.completedFuture(
            HttpResponse.create()
                .withEntity(HttpEntities.createChunked(ContentTypes.TEXT_PLAIN_UTF8, pieces)));
      }
      case "/gives-up" -> {
        request.entity().getDataBytes().runWith(Sink.cancelled(), materializer);
        return new CompletableFuture<>();
      }
      case "/refuses" -> {
        return CompletableFuture.completedFuture(
            HttpResponse.create().withStatus(404).withEntity("refused"));
      }
      case "/closes" -> {
        return CompletableFuture.completedFuture(
            HttpResponse.create()
                .withStatus(413)
                .addHeader(Connection.create("close"))
                .withEntity("refused"));
      }
      case "/ignores" -> {
        request.discardEntityBytes(materializer);
        return CompletableFuture.completedFuture(HttpResponse.create().withEntity("ignored"));
      }
      default -> {
        CompletableFuture<HttpResponse> echo = new CompletableFuture<>();
        request
            .entity()
            .toStrict(10_000, materializer)
            .whenComplete(
                (body, failure) ->
                    echo.complete(
                        failure == null
                            ? HttpResponse.create()
                                .withEntity("<" + body.getData().utf8String() + ">")
                            : HttpResponse.create()
                                .withStatus(400)
                                .withEntity(failure.getMessage())));
        return echo;
      }
    }
  }

  private RawClient client() {
    return new RawClient(kit.system(), this::answer);
  }

  private static String bytes(String text) {
    return text.replace("~", "\r\n");
  }

  private String exchange(String text) throws Exception {
    return client().send(bytes(text)).end().readToEnd();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1~Host: x~~",
        "GET / HTTP/1.0~~",
        "OPTIONS / HTTP/1.0~~",
        "GET / HTTP/1.1~Host:~~",
        "GET / HTTP/1.1~Host: x:99999~~",
        "GET / HTTP/1.2~Host: x~~",
        "GET / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1~Host: x~A: b~ c~~",
        "GET / HTTP/1.1~Host: x~a: \u00e4\u00ff~~",
        "GET /a|b\"<>\\^`{}#c?%zz HTTP/1.1~Host: x~~",
        "GET http://y:1/z HTTP/1.1~Host: x~~",
        "GET http://u:p@[fe80::1%25eth0]:80/z HTTP/1.1~Host: x~~",
        "GET ftp://a:1,b:2/z HTTP/1.1~Host: x~~",
        "GET y:443 HTTP/1.1~Host: x~~",
        "CONNECT y:443 HTTP/1.1~~",
        "POST / HTTP/1.1~Host: x~Content-Length: 0~Content-Length: 0~~",
        "POST / HTTP/1.1~Host: x~Content-Type: ;;;~Content-Type: a/b~~",
      })
  void isServed(String head) throws Exception {
    String answer = exchange(head);
    assertTrue(answer.startsWith("HTTP/1."), answer);
    assertTrue(answer.contains(" 200 OK\r\n") && answer.endsWith("<>"), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "400 Bad Request: missing required Host header, GET / HTTP/1.1~~",
    "400 Bad Request: malformed Host header, GET / HTTP/1.1~Host: a b~~",
    "400 Bad Request: malformed Host header, GET / HTTP/1.1~Host: a@b~~",
    "400 Bad Request, GET :y HTTP/1.1~Host: x~~",
    "400 Bad Request, GET http://a:b/ HTTP/1.1~Host: x~~",
    "400 Bad Request, GET http://a:1:2/ HTTP/1.1~Host: x~~",
    "400 Bad Request, GET http://[::1/ HTTP/1.1~Host: x~~",
    "400 Bad Request, GET http://[1.2.3.4]/ HTTP/1.1~Host: x~~",
    "400 Bad Request, GET http://a%41/ HTTP/1.1~Host: x~~",
    "400 Bad Request, GET http://u#@h/ HTTP/1.1~Host: x~~",
    "400 Bad Request: invalid header name, GET / HTTP/1.1~Host: x~a b: c~~",
    "400 Bad Request, GET / HTTP/1.1~Host: x~Host: y~~",
    "400 Bad Request, GET /~~",
    "400 Bad Request, GET  / HTTP/1.1~Host: x~~",
    "400 Bad Request, GET /%zz HTTP/1.1~Host: x~~",
    "400 Bad Request, GET x HTTP/1.1~Host: x~~",
    "400 Bad Request, ~GET / HTTP/1.1~Host: x~~",
    "400 Bad Request, GET / HTTP/1.1~ Host: x~~",
    "400 Bad Request, GET / HTTP/1.1~Host: x~: b~~",
    "400 Bad Request, POST / HTTP/1.1~Host: x~Content-Length: 1~Content-Length: 2~~ab",
    "400 Bad Request, POST / HTTP/1.1~Host: x~Content-Length: +1~~a",
    "400 Bad Request, POST / HTTP/1.1~Host: x~Content-Length: 99999999999999999999~~a",
    "400 Bad Request, POST / HTTP/1.1~Host: x~Trailer: Trailer~Transfer-Encoding: chunked~~0~~",
    "400 Bad Request, GET / HTTP/1.1~Host",
    "417 Expectation Failed, GET / HTTP/1.1~Host: x~Expect: nonsense~~",
    "501 Not Implemented, POST / HTTP/1.1~Host: x~Transfer-Encoding: gzip~~",
    "505 HTTP Version Not Supported: unsupported protocol version, GET / HTTP/3.0~Host: x~~",
  })
  void isRefused(String status, String head) throws Exception {
    String answer = exchange(head);
    assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
    assertTrue(answer.contains("Connection: close\r\n"), answer);
    assertEquals(List.of(), asked);
  }

  @Test
  void aMalformedLineIsRefusedBeforeTheHeadEnds() throws Exception {
    client().send(bytes("GET / HTTP/1.1~Host: x~foo~")).readTo("400 Bad Request");
  }

  @Test
  void aRefusalComesAfterTheAnswersBefore() throws Exception {
    String answer = exchange("GET /pieces HTTP/1.1~Host: x~~BAD~~");
    assertTrue(answer.indexOf("two.") < answer.indexOf("400 Bad Request"), answer);
  }

  @Test
  void allHeadersTogetherHaveALimit() throws Exception {
    String fits = "GET / HTTP/1.1~Host: x~a: " + "b".repeat(HeadReader.LIMIT - 32) + "~~";
    assertEquals(HeadReader.LIMIT, bytes(fits).length());
    assertTrue(exchange(fits).startsWith("HTTP/1.1 200"));
    RawClient client = client().send(bytes("GET / HTTP/1.1~Host: x~"));
    for (int i = 0; i < 1100; i++) {
      client.send(bytes("a: " + "b".repeat(1000) + "~"));
    }
    client.readTo("431 Request Header Fields Too Large");
  }

  @Test
  void aHeadMayComeByteByByte() throws Exception {
    RawClient client = client();
    bytes("POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~2~ab~0~~")
        .chars()
        .forEach(c -> client.send(String.valueOf((char) c)));
    client.readTo("<ab>");
  }

  @Test
  void requestsAreAnsweredInTheirOrderOneAtATime() throws Exception {
    String post = "POST / HTTP/1.1~Host: x~Content-Length: 1~~";
    String answer = exchange(post + "1" + post + "2~" + post + "3");
    assertTrue(answer.matches("(?s).*<1>.*<2>.*<3>"), answer);
  }

  @Test
  void anUpgradeToHttp2IsIgnored() throws Exception {
    String upgrade = "Connection: Upgrade, HTTP2-Settings~Upgrade: h2c~HTTP2-Settings: AAMA~~";
    String answer = exchange("GET / HTTP/1.1~Host: x~" + upgrade + "GET / HTTP/1.1~Host: x~~");
    assertEquals(3, answer.split("HTTP/1.1 200 OK").length, answer);
    assertFalse(asked.get(0).getHeader("upgrade").isPresent());
  }

  @Test
  void whatTheClientCalledTheServerIsKept() throws Exception {
    exchange("GET / HTTP/1.1~Host: FOO:99999~~GET / HTTP/1.0~~");
    assertEquals("FOO:99999", asked.get(0).getHeader("host").map(HttpHeader::value).orElse(""));
    assertFalse(asked.get(1).getHeader("host").isPresent());
  }

  @Test
  void dotSegmentsReachTheRoutes() throws Exception {
    exchange("GET /a/../b/.?c=d/./ HTTP/1.1~Host: x~~GET http://y/a/.. HTTP/1.1~Host: x~~");
    exchange("GET /a/.../b?c=/./ HTTP/1.1~Host: x~~");
    assertEquals(
        List.of("/a/../b/.", "/a/..", ""),
        asked.stream().map(request -> SentPath.of(request).orElse("")).toList());
  }

  /** Pekko's URIs have no such paths. */
  @ParameterizedTest
  @CsvSource({"http://y, ''", "http://y?a, ''", "y:z, ''", "*, *"})
  void aTargetWithoutAPathReachesTheRoutes(String target, String path) throws Exception {
    exchange("GET " + target + " HTTP/1.1~Host: x~~");
    assertEquals(List.of(path), asked.stream().flatMap(one -> SentPath.of(one).stream()).toList());
  }

  @Test
  void unknownMethodsReachTheRoutes() throws Exception {
    exchange("FOO /x HTTP/1.1~Host: x~~");
    assertEquals("FOO", asked.get(0).method().value());
  }

  @Test
  void theServerItselfAnswersOptions() throws Exception {
    String answer = exchange("OPTIONS * HTTP/1.1~Host: x~~");
    assertTrue(answer.startsWith("HTTP/1.1 200 OK") && answer.contains("Content-Length: 0"));
    assertEquals(List.of(), asked);
  }

  @Test
  void anOldClientGetsAnOldAnswerAndTheEnd() throws Exception {
    String answer = client().send(bytes("GET /pieces HTTP/1.0~~")).readToEnd();
    assertTrue(answer.startsWith("HTTP/1.0 200 OK") && answer.endsWith("\r\n\r\none.two."), answer);
    assertFalse(answer.contains("Connection:"), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 2~~ab", "Transfer-Encoding: chunked~~2~ab~0~~"})
  void aBodyThatDidNotWaitToBeAskedForIsAskedForToo(String body) throws Exception {
    String answer = exchange("POST / HTTP/1.1~Host: x~Expect: 100-continue~" + body);
    assertTrue(answer.startsWith("HTTP/1.1 100 Continue\r\n"), answer);
    assertTrue(answer.contains("\r\n\r\nHTTP/1.1 200 OK\r\n"), answer);
    assertTrue(answer.endsWith("<ab>"), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "a, CLOSE"})
  void theConnectionEndsWithTheAnswerIfTheClientSaysSo(String tokens) throws Exception {
    String head = "GET / HTTP/1.1~Host: x~Connection: " + tokens + "~~";
    assertTrue(client().send(bytes(head)).readToEnd().endsWith("<>"));
  }

  @ParameterizedTest
  @CsvSource({
    "zz~,invalid byte in chunk length",
    "~,empty hex number for chunk length",
    "11111111111111111~,http chunk length too large",
    "2~abXX,malformed chunked encoding",
    "ffffffffffffffff~a,unexpected EOF",
    "0~bad~~,malformed MIME header: missing colon: \"bad\"",
    "0~ a: b~~,malformed MIME header initial line: \" a: b\"",
    "0~a(: b~~,malformed MIME header line: \"a(: b\"",
    "2~a,unexpected EOF",
  })
  void aBadChunkIsTheEndOfTheBody(String chunks, String reason) throws Exception {
    String answer = exchange("POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~" + chunks);
    assertTrue(answer.startsWith("HTTP/1.1 400") && answer.endsWith(reason), answer);
    assertTrue(answer.contains("Connection: close"), answer);
  }

  @Test
  void aBodyThatIsCutSaysSo() throws Exception {
    String answer = exchange("POST / HTTP/1.1~Host: x~Content-Length: 9~~abc");
    assertTrue(answer.startsWith("HTTP/1.1 400") && answer.endsWith("unexpected EOF"), answer);
    assertFalse(answer.contains("Connection: close"), answer);
  }

  @Test
  void whatNobodyReadsOfABodyDoesNotEndTheConnection() throws Exception {
    RawClient client = client().send(bytes("POST /ignores HTTP/1.1~Host: x~Content-Length: 4~~ab"));
    client.send(bytes("cdGET / HTTP/1.1~Host: x~~")).end();
    String answer = client.readToEnd();
    assertTrue(answer.contains("ignored") && answer.endsWith("<>"), answer);
  }

  /** The client sends its whole body before it reads, or waits to be told to. */
  @ParameterizedTest
  @CsvSource({
    "/refuses, Content-Length: 1000000~, 1000000",
    "/refuses, Expect: 100-continue~Content-Length: 100000~, 0",
    "/refuses, Expect: 100-continue~Transfer-Encoding: chunked~, 0",
    "/refuses, Content-Length: 2000000~, 2000000",
    "/closes, Content-Length: 2000000~, 2000000",
    "/closes, Content-Length: 2000000~, 0",
    "/closes, Content-Length: 1000~, 1000",
    "/closes, Connection: close~Content-Length: 1000~, 1000",
  })
  void anAnswerBeforeTheBodyIsReadIsWhole(String path, String framing, int body) throws Exception {
    RawClient client = client().send(bytes("POST " + path + " HTTP/1.1~Host: x~" + framing + "~"));
    int piece = Math.min(body, 90_000);
    for (int sent = 0; sent < body; sent += piece) {
      client.send("b".repeat(Math.min(piece, body - sent)));
    }
    String answer = client.readToEnd();
    assertTrue(answer.startsWith("HTTP/1.1 4") && answer.endsWith("refused"), answer);
    assertTrue(answer.contains("Connection: close"), answer);
  }

  @Test
  void manyRequestsInOneSegmentAreAnsweredOneAtATime() throws Exception {
    int requests = 10_000;
    RawClient client = client().send(bytes("GET /refuses HTTP/1.1~Host: x~~".repeat(requests)));
    String answer = client.end().readToEnd();
    assertEquals(requests, answer.split("refused", -1).length - 1);
    assertEquals(requests, asked.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPTIONS * HTTP/1.1~Host: x~~",
        "POST / HTTP/1.1~Host: x~Content-Length: 2~~ab",
        "POST /ignores HTTP/1.1~Host: x~Transfer-Encoding: chunked~~2~ab~0~~",
        "HEAD / HTTP/1.1~Host: x~Content-Length: 2~~ab",
      })
  void requestsWithBodiesMayComeInOneSegmentToo(String request) throws Exception {
    int requests = 2_000;
    String answer = client().send(bytes(request.repeat(requests))).end().readToEnd();
    assertEquals(requests, answer.split("HTTP/1.1 200 OK", -1).length - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 3_000_000})
  void aBodyBehindHeadThatDoesNotEndIsTheEnd(int sent) throws Exception {
    RawClient client = client().send(bytes("HEAD / HTTP/1.1~Host: x~Content-Length: 9999999~~"));
    assertTrue(client.send("b".repeat(sent)).readToEnd().startsWith("HTTP/1.1 200 OK"));
  }

  @Test
  void whatComesBehindABadBodyIsNotReadForEver() throws Exception {
    RawClient client =
        client().send(bytes("POST /waits HTTP/1.1~Host: x~Transfer-Encoding: chunked~~zz~"));
    client.sendUntilNotTaken("b".repeat(50_000));
  }

  @Test
  void aBodyThatWasGivenUpIsNotReadForEver() throws Exception {
    RawClient client =
        client().send(bytes("POST /gives-up HTTP/1.1~Host: x~Content-Length: 99999999999~~"));
    client.sendUntilNotTaken("b".repeat(50_000));
  }

  @Test
  void headHasNoBody() throws Exception {
    String answer =
        exchange("HEAD / HTTP/1.1~Host: x~Content-Length: 1~~aGET / HTTP/1.1~Host: x~~");
    assertEquals(3, answer.split("HTTP/1.1 200 OK").length, answer);
  }

  @Test
  void aClientThatEndsItsSideHasLeft() throws Exception {
    client().send(bytes("POST /waits HTTP/1.1~Host: x~~")).end();
    gone.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aConnectionThatBreaksIsAClientThatHasLeft() throws Exception {
    client().send(bytes("POST /waits HTTP/1.1~Host: x~~")).reset();
    gone.get(20, TimeUnit.SECONDS);
  }
}
