package io.sampo.node.peer;

import io.sampo.node.state.membership.MemberIds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
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

  /**
   * An answer, whatever its status.
   *
   * @param clusterId of the member that answers, in hexadecimal; empty if it did not say
   */
  public record Reply(int status, String clusterId, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * Posts an encoded message.
   *
   * @param peerUrl of the member, without a path
   * @param path such as {@code /leases}
   */
  public CompletionStage<Reply> post(String peerUrl, String path, byte[] message) {
    return ask(peerUrl, HttpRequest.POST(path).withEntity(HttpEntities.create(PROTOBUF, message)));
  }

  /**
   * Posts nothing but the wish itself.
   *
   * @param token of the user on whose behalf this member asks
   */
  public CompletionStage<Reply> post(String peerUrl, String path, Optional<String> token) {
    HttpRequest request = HttpRequest.POST(path);
    return ask(
        peerUrl,
        token
            .map(text -> request.addHeader(RawHeader.create("Authorization", text)))
            .orElse(request));
  }

  /** Gets a path. */
  public CompletionStage<Reply> get(String peerUrl, String path) {
    return ask(peerUrl, HttpRequest.GET(path));
  }

  /** Gets a path with a question in the body, as a member of that cluster. */
  public CompletionStage<Reply> getWithJson(
      String peerUrl, String path, long clusterId, String json) {
    return ask(
        peerUrl,
        HttpRequest.GET(path)
            .addHeader(RawHeader.create(PeerHeaders.CLUSTER_ID, MemberIds.format(clusterId)))
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json)));
  }

  private CompletionStage<Reply> ask(String peerUrl, HttpRequest request) {
    return connections
        .request(PeerUrls.parse(List.of(peerUrl)).get(0), request)
        .thenCompose(
            response ->
                response
                    .entity()
                    .toStrict(READ_MILLIS, MAX_BYTES, materializer)
                    .thenApply(
                        body ->
                            new Reply(
                                response.status().intValue(),
                                response
                                    .getHeader(PeerHeaders.CLUSTER_ID)
                                    .map(HttpHeader::value)
                                    .orElse(""),
                                body.getData().toArrayUnsafe())));
  }
}
