package io.sampo.node.edge.http2;

import static io.sampo.node.edge.http2.RawClient.data;
import static io.sampo.node.edge.http2.RawClient.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HttpBridgeTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final String DATE = "date=Thu, 01 Jan 1970 00:00:00 GMT";

  private final List<HttpRequest> requests = new ArrayList<>();
  private CompletableFuture<Done> gone;
  private final RawClient client =
      RawClient.connected(
          KIT.system(),
          RawClient.settings(true),
          new GrpcOrHttp(new EchoHandler(), new HttpBridge(this::route, this::attach, () -> 0L)));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private HttpRequest attach(HttpRequest request, CompletableFuture<Done> left) {
    gone = left;
    return request;
  }

  private CompletionStage<HttpResponse> route(HttpRequest request) {
    requests.add(request);
    HttpResponse response = HttpResponse.create();
    return switch (request.getUri().path()) {
      case "/echo" ->
          CompletableFuture.completedFuture(
              response.withEntity(
                  HttpEntities.createChunked(
                      ContentTypes.APPLICATION_OCTET_STREAM, request.entity().getDataBytes())));
      case "/forever" ->
          CompletableFuture.completedFuture(
              response.withEntity(
                  HttpEntities.createChunked(
                      ContentTypes.APPLICATION_JSON,
                      Source.single(ByteString.fromString("{}")).concat(Source.maybe()))));
      case "/never" -> new CompletableFuture<>();
      case "/throw" -> throw new IllegalStateException("broken on purpose");
      default ->
          CompletableFuture.completedFuture(
              response
                  .withStatus(StatusCodes.NOT_FOUND)
                  .addHeader(RawHeader.create("X-Some", "Thing"))
                  .addHeader(RawHeader.create("Connection", "close"))
                  .withEntity("nothing"));
    };
  }

  private byte[] head(int id, boolean end, String method, String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "https", ":authority", "a:1", ":path", path));
    fields.addAll(List.of(more));
    return client.headers(id, end, fields.toArray(String[]::new));
  }

  @Test
  void aWholeRequestIsStrictAndItsAnswerHasALength() {
    byte[] head = head(1, false, "POST", "/x?y=%20", "content-type", "application/json", "a", "b");
    client.send(join(head, data(1, true, "{}".getBytes(StandardCharsets.US_ASCII))));
    assertEquals(
        List.of(
            "HEADERS 1 :status=404, x-some=Thing, content-type=text/plain; charset=UTF-8,"
                + " content-length=7, "
                + DATE,
            "DATA 1 nothing",
            "DATA 1  end"),
        client.until("DATA 1  end"));
    HttpRequest request = requests.get(0);
    assertEquals("{}", ((HttpEntity.Strict) request.entity()).getData().utf8String());
    assertEquals(ContentTypes.APPLICATION_JSON, request.entity().getContentType());
    assertEquals("a:1", request.getHeader("host").orElseThrow().value());
    assertEquals("b", request.getHeader("a").orElseThrow().value());
    assertEquals(" ", request.getUri().query().getOrElse("y", ""));
  }

  @Test
  void bodiesStreamBothWays() {
    client.send(head(1, false, "POST", "/echo"));
    client.send(data(1, false, "one".getBytes(StandardCharsets.US_ASCII)));
    assertEquals("DATA 1 one", client.until("DATA").get(1));
    client.send(data(1, true, "two".getBytes(StandardCharsets.US_ASCII)));
    assertEquals(List.of("DATA 1 two", "DATA 1  end"), client.until("DATA 1  end"));
  }

  @Test
  void headHasNoBody() {
    client.send(head(1, true, "HEAD", "/x"));
    List<String> lines = client.until("HEADERS");
    assertTrue(lines.get(0).contains("content-length=7") && lines.get(0).endsWith(" end"));
  }

  @Test
  void whoLeavesIsTold() throws Exception {
    client.send(head(1, true, "GET", "/never"));
    client.frames();
    assertFalse(gone.isDone());
    client.send(RawClient.frame(3, 0, 1, new byte[] {0, 0, 0, 8}));
    gone.get(10, TimeUnit.SECONDS);
    client.send(head(3, true, "GET", "/forever"));
    client.until("DATA 3 {}");
    client.send(RawClient.frame(3, 0, 3, new byte[] {0, 0, 0, 8}));
    gone.get(10, TimeUnit.SECONDS);
  }

  @Test
  void whatGoRefusesIsRefused() {
    client.send(head(1, true, "GET", "/x", "te", "gzip"));
    assertEquals(
        "DATA 1 " + "request header \"TE\" may only be \"trailers\" in HTTP/2\n".length(),
        client.until("DATA 1  end").get(1));
    client.send(head(3, true, "GET", "x"), head(5, true, "GET", "/%zz"));
    assertEquals(
        List.of("RST_STREAM 3 PROTOCOL_ERROR", "RST_STREAM 5 PROTOCOL_ERROR"), client.frames());
    client.send(head(7, false, "POST", "/echo", "content-length", "3"));
    client.send(data(7, true, new byte[4]));
    assertTrue(client.frames().contains("RST_STREAM 7 PROTOCOL_ERROR"));
    client.send(head(9, true, "GET", "/throw"));
    assertEquals("HEADERS 9 :status=500, content-length=0 end", client.until("HEADERS").get(0));
  }

  @Test
  void anAnswerDoesNotWaitForTheBody() {
    client.send(head(1, false, "POST", "/x", "content-type", "nonsense"));
    List<String> lines = client.until("RST_STREAM");
    assertTrue(lines.get(0).startsWith("HEADERS 1 :status=404"), lines::toString);
    assertEquals("RST_STREAM 1 NO_ERROR", lines.get(lines.size() - 1));
  }

  @Test
  void aForeignContentTypeIsNoFault() {
    client.send(head(1, false, "POST", "/x", "content-type", ""));
    client.send(data(1, true, new byte[] {0, 0, 0, 0, 0}));
    assertTrue(client.until("DATA 1  end").get(0).startsWith("HEADERS 1 :status=404"));
  }

  @Test
  void pathsAreCleanedAndTheGatewaysAreItsOwn() {
    client.send(head(1, true, "POST", "//a/B?c", "content-type", "application/grpc"));
    assertEquals(
        List.of("HEADERS 1 :status=307, location=/a/B?c, content-length=0 end"), client.frames());
    client.send(head(3, true, "POST", "/v3/kv/range", "content-type", "application/grpc"));
    assertTrue(client.until("DATA 3  end").get(0).startsWith("HEADERS 3 :status=404"));
  }

  @Test
  void onlyOneTeIsServed() {
    client.send(head(1, true, "GET", "/x", "te", "trailers", "te", ""));
    assertTrue(client.until("DATA 1  end").get(0).startsWith("HEADERS 1 :status=400"));
  }

  @Test
  void grpcIsKnownByItsContentType() {
    client.send(head(1, true, "POST", "/x", "content-type", "application/grpc"));
    assertEquals(List.of("HEADERS 1 :status=200", "DATA 1  end"), client.frames());
  }
}
