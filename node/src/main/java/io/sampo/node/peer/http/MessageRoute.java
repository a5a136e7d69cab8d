package io.sampo.node.peer.http;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.peer.PeerNetwork;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;

/** {@code POST /raft}: one message, answered when Raft has handled it. */
final class MessageRoute {
  private static final int BAD_REQUEST = 400;
  private static final int PRECONDITION = 412;
  private static final int INTERNAL = 500;
  private static final long READ_MILLIS = 30_000;

  private final PeerNetwork network;
  private final Compatibility compatibility;
  private final int maxBytes;
  private final Materializer materializer;

  MessageRoute(
      PeerNetwork network, Compatibility compatibility, int maxBytes, Materializer materializer) {
    this.network = network;
    this.compatibility = compatibility;
    this.maxBytes = maxBytes;
    this.materializer = materializer;
  }

  CompletionStage<HttpResponse> answer(HttpRequest request) {
    if (!request.method().equals(HttpMethods.POST)) {
      return done(Replies.unread(request, Replies.wrongMethod("POST"), materializer));
    }
    Optional<String> refusal = compatibility.refusal(request);
    if (refusal.isPresent()) {
      return done(
          named(Replies.unread(request, Replies.error(PRECONDITION, refusal.get()), materializer)));
    }
    Senders.remember(network, request);
    return request
        .entity()
        .toStrict(READ_MILLIS, maxBytes, materializer)
        .handle((entity, failure) -> failure == null ? onBody(entity) : unreadable())
        .thenCompose(answer -> answer)
        .thenApply(this::named);
  }

  private CompletionStage<HttpResponse> unreadable() {
    network.metrics().receiveFailed("raft");
    return done(Replies.closing(Replies.error(BAD_REQUEST, "error reading raft message")));
  }

  private CompletionStage<HttpResponse> onBody(HttpEntity.Strict body) {
    byte[] bytes = body.getData().toArrayUnsafe();
    Message message;
    try {
      message = Message.parseFrom(bytes);
    } catch (InvalidProtocolBufferException damaged) {
      network.metrics().receiveFailed("raft");
      return done(Replies.error(BAD_REQUEST, "error unmarshalling raft message"));
    }
    network.received(message.getFrom(), bytes.length);
    if (message.getType() == MessageType.MsgSnap) {
      // Without its state it is of no use; etcd sends both to the other path.
      return done(refused());
    }
    return network
        .receive(message)
        .thenApply(refusal -> refusal.isEmpty() ? Replies.noContent() : refused());
  }

  private static HttpResponse refused() {
    return Replies.closing(Replies.error(INTERNAL, "error processing raft message"));
  }

  private HttpResponse named(HttpResponse response) {
    return Replies.withCluster(response, network.identity().clusterId());
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
