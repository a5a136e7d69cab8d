package io.sampo.node.edge.http;

import io.sampo.node.edge.AnswerMemory;
import io.sampo.node.edge.Connection;
import io.sampo.node.edge.ConnectionProtocol;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.GraphDSL;
import org.apache.pekko.util.ByteString;

/** HTTP/1.1 and 1.0: Pekko's layer between bytes and requests, and around it what Go decides. */
public final class Http1 implements ConnectionProtocol {
  private final ActorSystem<?> system;
  private final Http1Settings settings;
  private final AnswerMemory memory;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;

  /** For those who may take as much memory as they like. */
  public Http1(
      ActorSystem<?> system,
      Http1Settings settings,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    this(system, settings, AnswerMemory.unbounded(), routes);
  }

  /**
   * @param memory for answers that clients do not read
   */
  public Http1(
      ActorSystem<?> system,
      Http1Settings settings,
      AnswerMemory memory,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    this.system = system;
    this.settings = settings;
    this.memory = memory;
    this.routes = routes;
  }

  @Override
  public Flow<ByteString, ByteString, NotUsed> flow(Connection connection) {
    var layer =
        Http.get(system)
            .serverLayer(
                settings.layer(), connection.remoteInet(), Adapter.toClassic(system).log());
    return Flow.fromGraph(
        GraphDSL.create(
            builder -> {
              Http1Shape http = builder.add(new Http1Stage(connection, settings, memory, routes));
              var inner = builder.add(layer);
              builder.from(http.toLayer).toInlet(inner.in2());
              builder.from(inner.out1()).toInlet(http.fromLayer);
              builder.from(inner.out2()).toInlet(http.requests);
              builder.from(http.responses).toInlet(inner.in1());
              return FlowShape.of(http.fromClient, http.toClient);
            }));
  }
}
