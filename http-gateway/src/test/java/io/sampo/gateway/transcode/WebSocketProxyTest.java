package io.sampo.gateway.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.protocol.error.EtcdError;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Cookie;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketProxyTest {
  private static final ActorSystem SYSTEM = ActorSystem.create("websocket-test");
  private static final String SEVEN = "{\"result\":{\"ID\":\"7\",\"TTL\":\"100\"}}";

  private final GatewayFixture fixture = new GatewayFixture(SYSTEM);

  @AfterAll
  static void stop() {
    TestKit.shutdownActorSystem(SYSTEM);
  }

  /** The client's end of a socket, and what was agreed on when it was opened. */
  private final class Client implements WebSocketUpgrade {
    private final List<String> protocols;
    private Graph<FlowShape<Message, Message>, ?> flow;
    private Optional<String> chosen = Optional.empty();
    private SourceQueueWithComplete<Message> out;
    private SinkQueueWithCancel<Message> in;

    Client(HttpRequest request, String... protocols) {
      this.protocols = List.of(protocols);
      new WebSocketProxy(fixture.gateway)
          .apply(request.addAttribute(AttributeKeys.webSocketUpgrade, this));
      var ends =
          Source.<Message>queue(8, OverflowStrategy.fail())
              .via(Flow.fromGraph(flow))
              .toMat(Sink.<Message>queue(), Keep.both())
              .run(fixture.materializer);
      out = ends.first();
      in = ends.second();
    }

    void say(String text) {
      out.offer(TextMessage.create(text));
    }

    /** The next message, or the empty string when the socket was closed. */
    String hear() throws Exception {
      return in.pull()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS)
          .map(message -> message.asTextMessage().getStrictText())
          .orElse("");
    }

    @Override
    public Iterable<String> getRequestedProtocols() {
      return protocols;
    }

    @Override
    public HttpResponse handleMessagesWith(Graph<FlowShape<Message, Message>, ?> handler) {
      flow = handler;
      return HttpResponse.create().withStatus(101);
    }

    @Override
    public HttpResponse handleMessagesWith(
        Graph<FlowShape<Message, Message>, ?> handler, String subprotocol) {
      chosen = Optional.of(subprotocol);
      return handleMessagesWith(handler);
    }

    @Override
    public HttpResponse handleMessagesWith(
        Graph<SinkShape<Message>, ?> sink, Graph<SourceShape<Message>, ?> source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpResponse handleMessagesWith(
        Graph<SinkShape<Message>, ?> sink,
        Graph<SourceShape<Message>, ?> source,
        String subprotocol) {
      throw new UnsupportedOperationException();
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, 400", "POST, 405", "OPTIONS, 405"})
  void aHandshakeThatIsNoneIsRefused(String method, int status) throws Exception {
    HttpRequest request =
        HttpRequest.create("/v3/watch")
            .withMethod(HttpMethods.lookup(method).orElseThrow())
            .addHeader(RawHeader.create("Connection", "keep-alive, Upgrade"))
            .addHeader(RawHeader.create("Upgrade", "WebSocket"));
    HttpResponse answer =
        new WebSocketProxy(fixture.gateway)
            .apply(request)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    assertEquals(status, answer.status().intValue());
    assertEquals("13", answer.getHeader("Sec-Websocket-Version").orElseThrow().value());
  }

  private static HttpRequest keepAlive() {
    return HttpRequest.GET("/v3/lease/keepalive");
  }

  @Test
  void messagesGoBothWays() throws Exception {
    Client client = new Client(keepAlive());
    client.say("{\"ID\":7}");
    assertEquals(SEVEN, client.hear());
    client.say("{\"ID\":7}{\"ID\":7}");
    assertEquals(SEVEN, client.hear());
    assertEquals(SEVEN, client.hear());
    client.out.complete();
    assertEquals("", client.hear());
  }

  @Test
  void aFailureIsTheLastMessage() throws Exception {
    fixture.lease.keepAlive = requests -> Source.failed(EtcdError.NO_LEADER.exception());
    Client client = new Client(keepAlive());
    assertEquals("{\"error\":{\"code\":14,\"message\":\"etcdserver: no leader\"}}", client.hear());
    assertEquals("", client.hear());
  }

  @Test
  void aTokenComesAsASubprotocolOrACookie() throws Exception {
    Client client = new Client(keepAlive(), "Bearer", "a.token");
    assertEquals(Optional.of("Bearer"), client.chosen);
    client.say("{\"ID\":7}");
    assertEquals(SEVEN, client.hear());
    assertEquals(
        "Bearer a.token", fixture.lease.lastMetadata.getText("authorization").orElseThrow());

    Client withCookie = new Client(keepAlive().addHeader(Cookie.create("token", "another")));
    assertEquals(Optional.empty(), withCookie.chosen);
    withCookie.say("{\"ID\":7}");
    assertEquals(SEVEN, withCookie.hear());
    assertEquals(
        "Bearer another", fixture.lease.lastMetadata.getText("authorization").orElseThrow());
  }

  @Test
  void withoutAnUpgradeItIsAnOrdinaryRequest() throws Exception {
    HttpResponse response =
        new WebSocketProxy(fixture.gateway)
            .apply(keepAlive())
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    assertEquals(501, response.status().intValue());
  }
}
