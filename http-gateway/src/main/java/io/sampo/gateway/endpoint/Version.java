package io.sampo.gateway.endpoint;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /version}: the versions of the server, the cluster and the stored form. */
public final class Version implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private final NodeProbes probes;

  public Version(NodeProbes probes) {
    this.probes = probes;
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    return Reply.refusalUnlessGet(request).orElseGet(() -> Reply.done(answer()));
  }

  private HttpResponse answer() {
    return Reply.ok(
        ContentTypes.APPLICATION_JSON,
        "{\"etcdserver\":\""
            + probes.serverVersion()
            + "\",\"etcdcluster\":\""
            + probes.clusterVersion().orElse("not_decided")
            + "\",\"storage\":\""
            + probes.storageVersion().orElse("unknown")
            + "\"}");
  }
}
