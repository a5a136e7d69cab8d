package io.sampo.gateway.transcode;

import io.sampo.gateway.endpoint.GoContentType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Cookie;
import org.apache.pekko.http.javadsl.model.headers.HttpCookiePair;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.FramingTruncation;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Calls over WebSocket by the conventions of tmc/grpc-websocket-proxy: each message from the client
 * is a piece of the request body, each line of the response body a message to it; the HTTP status
 * is lost. A token comes as {@code Sec-WebSocket-Protocol: Bearer, token} or in a cookie.
 */
public final class WebSocketProxy implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final String BEARER = "Bearer";
  private static final String TOKEN_COOKIE = "token";
  private static final ByteString LINE_BREAK = ByteString.fromString("\n");

  private final JsonGateway gateway;

  public WebSocketProxy(JsonGateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    if (upgrade.isPresent()) {
      return CompletableFuture.completedFuture(open(upgrade.get(), request));
    }
    return asksForWebSocket(request)
        ? CompletableFuture.completedFuture(badHandshake(request))
        : gateway.apply(request);
  }

  private static boolean asksForWebSocket(HttpRequest request) {
    return hasToken(request, "connection", "upgrade") && hasToken(request, "upgrade", "websocket");
  }

  private static boolean hasToken(HttpRequest request, String name, String token) {
    return request
        .getHeader(name)
        .map(header -> Arrays.stream(header.value().split(",")).map(String::strip))
        .map(tokens -> tokens.anyMatch(token::equalsIgnoreCase))
        .orElse(false);
  }

  /** As gorilla/websocket, which is under etcd's proxy, refuses a handshake. */
  private static HttpResponse badHandshake(HttpRequest request) {
    StatusCode status =
        request.method().equals(HttpMethods.GET)
            ? StatusCodes.BAD_REQUEST
            : StatusCodes.METHOD_NOT_ALLOWED;
    return HttpResponse.create()
        .withStatus(status)
        .addHeader(RawHeader.create("X-Content-Type-Options", "nosniff"))
        .addHeader(RawHeader.create("Sec-Websocket-Version", "13"))
        .withEntity(
            HttpEntities.create(
                GoContentType.PLAIN_TEXT, ByteString.fromString(status.reason() + "\n")));
  }

  private HttpResponse open(WebSocketUpgrade upgrade, HttpRequest request) {
    List<String> protocols = new ArrayList<>();
    upgrade.getRequestedProtocols().forEach(protocols::add);
    boolean bearer = !protocols.isEmpty() && protocols.get(0).equals(BEARER);
    Optional<String> token =
        cookieToken(request)
            .or(
                () ->
                    bearer && protocols.size() > 1
                        ? Optional.of(protocols.get(1))
                        : Optional.empty())
            .map(value -> BEARER + " " + value);
    HttpRequest call = call(request, token);
    Flow<Message, Message, ?> conversation =
        Flow.fromMaterializer((materializer, attributes) -> converse(call, materializer));
    return bearer
        ? upgrade.handleMessagesWith(conversation, BEARER)
        : upgrade.handleMessagesWith(conversation);
  }

  /** The request as if it had come by HTTP, without its body; always POST, as in etcd. */
  private static HttpRequest call(HttpRequest request, Optional<String> authorization) {
    HttpRequest call = HttpRequest.POST("/").withUri(request.getUri());
    for (HttpHeader header : request.getHeaders()) {
      if (header.is("origin") || header.is("referer")) {
        call = call.addHeader(header);
      }
    }
    return authorization.isEmpty()
        ? call
        : call.addHeader(RawHeader.create("Authorization", authorization.get()));
  }

  private static Optional<String> cookieToken(HttpRequest request) {
    return request
        .getHeader(Cookie.class)
        .flatMap(
            header -> {
              for (HttpCookiePair cookie : header.getCookies()) {
                if (cookie.name().equals(TOKEN_COOKIE)) {
                  return Optional.of(cookie.value());
                }
              }
              return Optional.empty();
            });
  }

  /** Both directions end together: who closes the socket ends the call. */
  private Flow<Message, Message, NotUsed> converse(HttpRequest call, Materializer materializer) {
    var body =
        Flow.of(Message.class)
            .flatMapConcat(message -> bytes(message).concat(Source.single(LINE_BREAK)))
            .toMat(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.right())
            .preMaterialize(materializer);
    CompletableFuture<Done> gone = new CompletableFuture<>();
    CompletionStage<HttpResponse> response =
        gateway.apply(
            ClientGone.attach(call, gone)
                .withEntity(
                    HttpEntities.createChunked(
                        ContentTypes.APPLICATION_JSON, Source.fromPublisher(body.first()))));
    Source<Message, ?> lines =
        Source.completionStageSource(response.thenApply(WebSocketProxy::lines));
    return Flow.fromSinkAndSourceCoupled(body.second(), lines)
        .watchTermination(
            (notUsed, over) -> {
              over.whenComplete((done, failure) -> gone.complete(Done.getInstance()));
              return notUsed;
            });
  }

  private static Source<ByteString, ?> bytes(Message message) {
    return message.isText()
        ? message.asTextMessage().getStreamedText().map(ByteString::fromString)
        : message.asBinaryMessage().getStreamedData();
  }

  private static Source<Message, NotUsed> lines(HttpResponse response) {
    return response
        .entity()
        .getDataBytes()
        .via(Framing.delimiter(LINE_BREAK, Integer.MAX_VALUE, FramingTruncation.ALLOW))
        .map(line -> (Message) TextMessage.create(line.utf8String()))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }
}
