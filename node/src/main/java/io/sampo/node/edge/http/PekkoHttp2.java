package io.sampo.node.edge.http;

import io.sampo.node.edge.Connection;
import io.sampo.node.edge.ConnectionProtocol;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.impl.engine.http2.Http2;
import org.apache.pekko.http.impl.engine.http2.Http2Blueprint;
import org.apache.pekko.http.impl.engine.http2.NoOpTelemetry$;
import org.apache.pekko.http.impl.engine.rendering.DateHeaderRendering;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import scala.collection.immutable.Nil$;

/** Pekko HTTP's own HTTP/2. It stands here until the node's own takes its place. */
final class PekkoHttp2 implements ConnectionProtocol {
  private final ActorSystem<?> system;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;

  PekkoHttp2(ActorSystem<?> system, Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    this.system = system;
    this.routes = routes;
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"})
  public Flow<ByteString, ByteString, NotUsed> flow(Connection connection) {
    var classic = Adapter.toClassic(system);
    ServerSettings settings =
        (ServerSettings)
            ServerSettings.apply((org.apache.pekko.actor.ClassicActorSystemProvider) classic);
    DateHeaderRendering dates = Http.apply(classic).dateHeaderRendering();
    org.apache.pekko.stream.scaladsl.BidiFlow stack =
        Http2Blueprint.serverStack(
            settings,
            classic.log(),
            (scala.collection.immutable.Seq) Nil$.MODULE$,
            false,
            NoOpTelemetry$.MODULE$,
            dates);
    Flow<HttpRequest, HttpResponse, NotUsed> handler =
        Flow.<HttpRequest>create()
            .mapAsyncUnordered(
                settings.http2Settings().maxConcurrentStreams(),
                request ->
                    routes
                        .apply(request)
                        .thenApply(
                            response ->
                                response.addAttribute(
                                    (AttributeKey) Http2.streamId(),
                                    request.getAttribute((AttributeKey) Http2.streamId()).get())));
    return (Flow<ByteString, ByteString, NotUsed>)
        new org.apache.pekko.stream.javadsl.BidiFlow(stack).reversed().join((Flow) handler);
  }
}
