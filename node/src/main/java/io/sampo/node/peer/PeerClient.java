package io.sampo.node.peer;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;

/** Asks other members what they answer beside Raft's messages. For any thread. */
public final class PeerClient {
  private static final ContentType PROTOBUF =
      MediaTypes.applicationBinary("protobuf", false).toContentType();
  private static final long READ_MILLIS = 5_000;

  /** An answer may hold every key of a lease (etcd 3.7.1, leasehttp). */
  private static final int MAX_BYTES = 100 << 20;

  private final PeerConnections connections;
  private final Materializer materializer;

  public PeerClient(ActorSystem<?> system, PeerConnections connections) {
    this.connections = connections;
    this.materializer = SystemMaterializer.get(system).materializer();
  }

  /** An answer, whatever its status. */
  public record Reply(int status, byte[] body) {}

  /**
   * Posts an encoded message.
   *
   * @param peerUrl of the member, without a path
   * @param path such as {@code /leases}
   */
  public CompletionStage<Reply> post(String peerUrl, String path, byte[] message) {
    return ask(HttpRequest.POST(peerUrl + path).withEntity(HttpEntities.create(PROTOBUF, message)));
  }

  /** Gets a path. */
  public CompletionStage<Reply> get(String peerUrl, String path) {
    return ask(HttpRequest.GET(peerUrl + path));
  }

  private CompletionStage<Reply> ask(HttpRequest request) {
    return connections
        .request(request)
        .thenCompose(
            response ->
                response
                    .entity()
                    .toStrict(READ_MILLIS, MAX_BYTES, materializer)
                    .thenApply(
                        body ->
                            new Reply(
                                response.status().intValue(), body.getData().toArrayUnsafe())));
  }
}
