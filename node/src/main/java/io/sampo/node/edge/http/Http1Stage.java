package io.sampo.node.edge.http;

import io.sampo.node.edge.AnswerMemory;
import io.sampo.node.edge.Connection;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Both ends of HTTP/1.1 on one connection: before Pekko's layer it reads each request as Go's
 * net/http would, and passes it on in a form about which no two parsers differ; behind it, it asks
 * for the answers. One request at a time: what comes after it is read when its answer is over. As
 * it sees the connection itself, it knows when a client leaves that is still owed an answer.
 */
final class Http1Stage extends GraphStage<Http1Shape> {
  private final Http1Shape shape = new Http1Shape();
  private final Connection connection;
  private final Http1Settings settings;
  private final AnswerMemory memory;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;

  Http1Stage(
      Connection connection,
      Http1Settings settings,
      AnswerMemory memory,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    this.connection = connection;
    this.settings = settings;
    this.memory = memory;
    this.routes = routes;
  }

  @Override
  public Http1Shape shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Http1Logic(shape, connection, settings, memory, routes);
  }
}
