package io.sampo.node.edge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.javadsl.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How answers are framed, as etcd 3.7.1 does; {@code ~} stands for a line's end. */
class AnswerRulesTest {
  private final ActorTestKit kit = ActorTestKit.create();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static CompletionStage<HttpResponse> answer(HttpRequest request) {
    HttpResponse response =
        switch (request.getUri().path()) {
          case "/full" -> HttpResponse.create().withEntity("x".repeat(2048));
          case "/long" -> HttpResponse.create().withEntity("x".repeat(2049));
          case "/socket" ->
              request
                  .getAttribute(AttributeKeys.webSocketUpgrade)
                  .orElseThrow()
                  .handleMessagesWith(Flow.<Message>create());
          default -> HttpResponse.create();
        };
    return CompletableFuture.completedFuture(response);
  }

  private RawClient client() {
    return new RawClient(kit.system(), AnswerRulesTest::answer);
  }

  private static String bytes(String text) {
    return text.replace("~", "\r\n");
  }

  private String exchange(String text) throws Exception {
    return client().send(bytes(text)).end().readToEnd();
  }

  /** Go says the length of what fits into its buffer. */
  @ParameterizedTest
  @CsvSource({
    "GET /full HTTP/1.1, true, false",
    "GET /long HTTP/1.1, false, true",
    "GET /long HTTP/1.0, false, false",
    "HEAD /full HTTP/1.1, true, false",
    "HEAD /long HTTP/1.1, false, false",
  })
  void aLongAnswerComesInChunks(String line, boolean said, boolean chunked) throws Exception {
    String answer = exchange(line + "~Host: x~~GET / HTTP/1.1~Host: x~~");
    assertEquals(said, answer.contains("Content-Length: 2048\r\n"), answer);
    assertEquals(chunked, answer.contains("Transfer-Encoding: chunked\r\n"), answer);
    boolean goesOn = line.endsWith("1.1");
    assertEquals(goesOn ? 3 : 2, answer.split("HTTP/1.[01] 200 OK", -1).length, answer);
    String body = "x".repeat(line.contains("full") ? 2048 : 2049);
    assertEquals(line.startsWith("GET"), answer.contains(body), answer);
  }

  @Test
  void theHeadOfAWebSocketIsSpelledAsGorillaDoes() throws Exception {
    String upgrade =
        "Connection: upgrade~Upgrade: websocket~Sec-WebSocket-Version: 13~"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==~~";
    String answer =
        client().send(bytes("GET /socket HTTP/1.1~Host: x~" + upgrade)).readTo("\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), answer);
    assertTrue(answer.contains("Connection: Upgrade\r\n"), answer);
  }

  @Test
  void anEmptyAnswerToHeadHasNoLength() throws Exception {
    assertTrue(exchange("GET / HTTP/1.1~Host: x~~").contains("Content-Length: 0\r\n"));
    assertTrue(!exchange("HEAD / HTTP/1.1~Host: x~~").contains("Content-Length"));
  }
}
