package io.sampo.node.edge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come behind their heads; {@code ~} stands for a line's end. */
class LateBodiesTest {
  private final ActorTestKit kit = ActorTestKit.create();
  private final Materializer materializer = Materializer.createMaterializer(kit.system());

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  /** Answers with the body that came, or without looking at it. */
  private CompletionStage<HttpResponse> answer(HttpRequest request) {
    if (request.getUri().path().equals("/refuses")) {
      return CompletableFuture.completedFuture(
          HttpResponse.create().withStatus(404).withEntity("refused"));
    }
    return request
        .entity()
        .toStrict(10_000, materializer)
        .thenApply(
            body -> HttpResponse.create().withEntity("<" + body.getData().utf8String() + ">"));
  }

  private RawClient client() {
    return new RawClient(kit.system(), this::answer);
  }

  private static String bytes(String text) {
    return text.replace("~", "\r\n");
  }

  /** As nginx sends it by default: HTTP/1.0, and the body behind the head. */
  @ParameterizedTest
  @ValueSource(strings = {"", "Connection: keep-alive~"})
  void aBodyOfAnOldClientMayComeInPieces(String header) throws Exception {
    RawClient client = client().send(bytes("POST / HTTP/1.0~" + header + "Content-Length: 4~~"));
    String answer = client.send("ab").send("cd").end().readToEnd();
    assertTrue(answer.startsWith("HTTP/1.0 200 OK") && answer.endsWith("<abcd>"), answer);
    assertEquals(
        !header.isEmpty(), answer.toLowerCase(Locale.ROOT).contains("connection: keep-alive"));
  }

  /** What is too long to be thrown away is not waited for. */
  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 300000~", "Connection: close~Content-Length: 1000~"})
  void anAnswerThatEndsTheConnectionDoesNotWaitForABody(String header) throws Exception {
    RawClient client = client().send(bytes("POST /refuses HTTP/1.1~Host: x~" + header + "~a"));
    String answer = client.readToEnd();
    assertTrue(answer.startsWith("HTTP/1.1 404") && answer.endsWith("refused"), answer);
    assertTrue(answer.contains("Connection: close"), answer);
  }
}
