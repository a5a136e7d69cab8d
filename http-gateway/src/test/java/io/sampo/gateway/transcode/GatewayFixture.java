package io.sampo.gateway.transcode;

import io.sampo.protocol.etcdserverpb.RpcProto;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** A gateway over fake services. */
final class GatewayFixture {
  /** etcd's default: 1.5 MiB and 512 KiB. */
  static final int MAX_MESSAGE_BYTES = 2_097_152;

  final Materializer materializer;
  final FakeKv kv = new FakeKv();
  final FakeLease lease = new FakeLease();
  final JsonGateway gateway;

  /** Whether there is a leader. */
  volatile boolean led = true;

  /** Fails the streams that asked for a leader. */
  final SharedKillSwitch streams = KillSwitches.shared("led");

  private final LeaderRule leaderRule =
      new LeaderRule() {
        @Override
        public boolean hasLeader() {
          return led;
        }

        @Override
        public <T> Flow<T, T, NotUsed> whileLed() {
          return Flow.<T>create().via(streams.flow());
        }
      };

  GatewayFixture(ActorSystem system) {
    this(system, CallListener.NONE);
  }

  GatewayFixture(ActorSystem system, CallListener listener) {
    materializer = Materializer.matFromSystem(system);
    gateway =
        new JsonGateway(
            List.of(
                new ServiceBinding(
                        kv, RpcProto.getDescriptor().findServiceByName("KV"), Set.of("DeleteRange"))
                    .withListener(listener),
                new ServiceBinding(lease, RpcProto.getDescriptor().findServiceByName("Lease"))
                    .withListener(listener)),
            MAX_MESSAGE_BYTES,
            leaderRule,
            AnswerThreads.all(materializer.executionContext()),
            materializer);
  }

  /** A whole response. */
  record Answer(int status, String body, HttpResponse response) {
    String header(String name) {
      return response.getHeader(name).map(HttpHeader::value).orElse("");
    }

    String contentType() {
      return response.entity().getContentType().toString();
    }
  }

  static HttpRequest post(String path, String body) {
    return HttpRequest.POST(path).withEntity(ContentTypes.APPLICATION_JSON, body);
  }

  Answer send(HttpRequest request) throws Exception {
    HttpResponse response = gateway.apply(request).toCompletableFuture().get(10, TimeUnit.SECONDS);
    ByteString body =
        response
            .entity()
            .toStrict(10_000, materializer)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .getData();
    return new Answer(response.status().intValue(), body.utf8String(), response);
  }
}
