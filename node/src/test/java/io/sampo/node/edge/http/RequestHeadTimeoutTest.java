package io.sampo.node.edge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that gives a head 300 ms, and clients that write bytes. */
class RequestHeadTimeoutTest {
  private static final Duration LIMIT = Duration.ofMillis(300);
  private static final int PATIENCE_MILLIS = 60_000;

  private final ActorTestKit kit = ActorTestKit.create();
  private ServerBinding server;

  @BeforeEach
  void bind() throws Exception {
    server =
        Http.get(kit.system())
            .newServerAt("127.0.0.1", 0)
            .bindFlow(
                RequestHeadTimeout.within(LIMIT)
                    .join(Flow.<HttpRequest>create().map(RequestHeadTimeoutTest::answer)))
            .toCompletableFuture()
            .get();
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static HttpResponse answer(HttpRequest request) {
    if (request.getUri().path().equals("/at-once")) {
      return HttpResponse.create().withEntity("once");
    }
    // Longer than a head may take.
    Source<ByteString, ?> parts =
        Source.tick(Duration.ZERO, LIMIT, ByteString.fromString("part.")).take(4);
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(ContentTypes.TEXT_PLAIN_UTF8, parts));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.localAddress().getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** Everything until the server ends the connection. */
  private static String readToEnd(InputStream in) throws IOException {
    StringBuilder read = new StringBuilder();
    try {
      for (int one = in.read(); one >= 0; one = in.read()) {
        read.append((char) one);
      }
    } catch (SocketException reset) {
      read.append("(reset)");
    }
    return read.toString();
  }

  @Test
  void whoNeverFinishesItsFirstHeadIsSentAway() throws IOException {
    try (Socket silent = connect();
        Socket slow = connect()) {
      write(slow, "GET /at-once HTTP/1.1\r\nHost: a\r\nX-Slow: ");
      assertTrue(!readToEnd(slow.getInputStream()).contains("200 OK"));
      assertTrue(!readToEnd(silent.getInputStream()).contains("200 OK"));
    }
  }

  @Test
  void theNextHeadHasAsLong() throws IOException {
    try (Socket socket = connect()) {
      write(socket, "GET /at-once HTTP/1.1\r\nHost: a\r\n\r\nGET /at-once HT");
      String answers = readToEnd(socket.getInputStream());
      assertTrue(answers.contains("200 OK") && answers.contains("once"), answers);
      assertEquals(answers.indexOf("200 OK"), answers.lastIndexOf("200 OK"));
    }
  }

  @Test
  void anAnswerMayTakeLonger() throws IOException {
    try (Socket socket = connect()) {
      write(socket, "GET /slowly HTTP/1.1\r\nHost: a\r\n\r\n");
      String answer = readToEnd(socket.getInputStream());
      assertEquals(4, answer.split("part\\.", -1).length - 1, answer);
    }
  }
}
