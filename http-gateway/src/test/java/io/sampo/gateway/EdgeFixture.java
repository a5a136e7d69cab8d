package io.sampo.gateway;

import io.sampo.gateway.endpoint.EdgeSettings;
import io.sampo.gateway.transcode.AnswerThreads;
import io.sampo.gateway.transcode.LeaderRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;

/** Both kinds of port over a fake node. */
final class EdgeFixture {
  static final EdgeSettings OPEN = settings(Set.of("*"), Set.of("*"), false);

  final FakeProbes probes = new FakeProbes();
  private final Materializer materializer;

  EdgeFixture(ActorSystem system) {
    this.materializer = Materializer.matFromSystem(system);
  }

  static EdgeSettings settings(Set<String> cors, Set<String> hosts, boolean secure) {
    return new EdgeSettings(true, cors, hosts, secure, secure, 2_097_152);
  }

  /** A whole response. */
  record Answer(HttpResponse response) {
    int status() {
      return response.status().intValue();
    }

    String header(String name) {
      return response.getHeader(name).map(HttpHeader::value).orElse("");
    }

    String contentType() {
      return response.entity().getContentType().toString();
    }

    ByteString bytes() {
      return ((HttpEntity.Strict) response.entity()).getData();
    }

    String body() {
      return bytes().utf8String();
    }
  }

  Function<HttpRequest, CompletionStage<HttpResponse>> clientRoutes(EdgeSettings settings) {
    return HttpEdge.clientRoutes(
        settings,
        List.of(),
        probes,
        LeaderRule.LED,
        AnswerThreads.all(Runnable::run),
        this::metrics,
        Map.of(),
        materializer);
  }

  Function<HttpRequest, CompletionStage<HttpResponse>> metricsRoutes() {
    return HttpEdge.metricsRoutes(probes, this::metrics, materializer);
  }

  private ByteString metrics() {
    return ByteString.fromString("# TYPE etcd_server_has_leader gauge\netcd_server_has_leader 1\n");
  }

  Answer get(String path) throws Exception {
    return send(OPEN, HttpRequest.GET(path));
  }

  /** Of an answer that comes in chunks. */
  String bodyOf(Answer answer) throws Exception {
    return answer
        .response()
        .entity()
        .toStrict(10_000, materializer)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .getData()
        .utf8String();
  }

  Answer send(EdgeSettings settings, HttpRequest request) throws Exception {
    return answer(clientRoutes(settings), request);
  }

  Answer answer(Function<HttpRequest, CompletionStage<HttpResponse>> routes, HttpRequest request)
      throws Exception {
    return new Answer(routes.apply(request).toCompletableFuture().get(10, TimeUnit.SECONDS));
  }
}
