package io.sampo.gateway.endpoint;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * {@code /debug/vars}: the node's variables in the layout of Go's expvar. They come in chunks, for
 * etcd's, with those of Go's memory, are longer than what Go says the length of.
 */
public final class DebugVariables implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final ContentType TYPE =
      GoContentType.of("application", "json", Map.of("charset", "utf-8"));

  private final NodeProbes probes;

  public DebugVariables(NodeProbes probes) {
    this.probes = probes;
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    return Reply.refusalUnlessGet(request).orElseGet(() -> Reply.done(answer()));
  }

  private HttpResponse answer() {
    String body =
        probes.debugVariables().entrySet().stream()
            .map(variable -> "\"" + variable.getKey() + "\": " + variable.getValue())
            .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(TYPE, Source.single(ByteString.fromString(body))));
  }
}
