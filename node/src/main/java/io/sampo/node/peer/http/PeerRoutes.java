package io.sampo.node.peer.http;

import io.sampo.gateway.endpoint.PathMux;
import io.sampo.node.peer.PeerNetwork;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.peer.SnapshotReceiver;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;

/** Everything on a peer URL (etcd 3.7.1, rafthttp and etcdhttp/peer.go). */
public final class PeerRoutes implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final String PROMOTE = "/members/promote/";
  private static final Set<String> SUBTREES = Set.of(StreamRoute.PREFIX, PROMOTE);

  private final StreamRoute streams;
  private final MessageRoute messages;
  private final SnapshotRoute snapshots;
  private final ServiceRoutes services;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> version;
  private final LongSupplier currentMillis;
  private final Materializer materializer;

  /**
   * What the routes ask.
   *
   * @param version answers {@code /version}, as on client URLs
   */
  public record Environment(
      PeerSettings settings,
      SnapshotReceiver snapshots,
      PeerServices services,
      Function<HttpRequest, CompletionStage<HttpResponse>> version,
      LongSupplier nanoTime,
      LongSupplier currentMillis) {}

  public PeerRoutes(PeerNetwork network, Environment environment, Materializer materializer) {
    Compatibility compatibility = new Compatibility(network.identity());
    this.streams = new StreamRoute(network, compatibility);
    this.messages =
        new MessageRoute(
            network, compatibility, environment.settings().stream().frameBytes(), materializer);
    this.snapshots =
        new SnapshotRoute(
            network,
            compatibility,
            environment.snapshots(),
            environment.settings().stream().timeout(),
            environment.nanoTime(),
            materializer);
    this.services =
        new ServiceRoutes(network.identity().clusterId(), environment.services(), materializer);
    this.version = environment.version();
    this.currentMillis = environment.currentMillis();
    this.materializer = materializer;
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    Optional<HttpResponse> toPath = PathMux.answerToPath(request, SUBTREES);
    if (toPath.isPresent()) {
      return done(request, toPath.get());
    }
    String path = request.getUri().path();
    return switch (path) {
      case "/raft" -> messages.answer(request);
      case "/raft/snapshot" -> snapshots.answer(request);
      case "/raft/probing" -> done(request, probing());
      case "/members" -> services.members(request);
      case "/members/hashkv" -> services.hashKv(request);
      case "/leases" -> services.renewLease(request);
      case "/leases/internal" -> services.timeToLive(request);
      case "/downgrade/enabled" -> services.downgradeEnabled(request);
      case "/version" -> version.apply(request);
      default -> byPrefix(request, path);
    };
  }

  private CompletionStage<HttpResponse> byPrefix(HttpRequest request, String path) {
    if (path.startsWith(StreamRoute.PREFIX)) {
      return done(request, streams.answer(request, path));
    }
    if (path.startsWith(PROMOTE)) {
      return services.promote(request, path.substring(PROMOTE.length()));
    }
    return done(request, Replies.notFound());
  }

  private HttpResponse probing() {
    String now =
        DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochMilli(currentMillis.getAsLong()));
    return Replies.text("{\"OK\":true,\"Now\":\"" + now + "\"}\n");
  }

  private CompletionStage<HttpResponse> done(HttpRequest request, HttpResponse response) {
    return CompletableFuture.completedFuture(Replies.unread(request, response, materializer));
  }
}
