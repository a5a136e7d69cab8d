package io.sampo.node.peer.http;

import io.sampo.node.peer.PeerNetwork;
import io.sampo.node.peer.SnapshotReceiver;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.IOOperationIncompleteException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /raft/snapshot}: a MsgSnap with its state behind it. Answered when the state is
 * stored and Raft has handled the message.
 */
final class SnapshotRoute {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotRoute.class);

  private static final int BAD_REQUEST = 400;
  private static final int PRECONDITION = 412;
  private static final int INTERNAL = 500;

  /** The message only, not the state (etcd 3.7.1). */
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private final PeerNetwork network;
  private final Compatibility compatibility;
  private final SnapshotReceiver receiver;
  private final Duration stall;
  private final java.util.function.LongSupplier nanoTime;
  private final Materializer materializer;
  private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param stall after so long without a byte the upload has failed
   */
  SnapshotRoute(
      PeerNetwork network,
      Compatibility compatibility,
      SnapshotReceiver receiver,
      Duration stall,
      java.util.function.LongSupplier nanoTime,
      Materializer materializer) {
    this.network = network;
    this.compatibility = compatibility;
    this.receiver = receiver;
    this.stall = stall;
    this.nanoTime = nanoTime;
    this.materializer = materializer;
  }

  CompletionStage<HttpResponse> answer(HttpRequest request) {
    if (!request.method().equals(HttpMethods.POST)) {
      network.metrics().unknownSnapshotSender();
      return done(Replies.unread(request, Replies.wrongMethod("POST"), materializer));
    }
    Optional<String> refusal = compatibility.refusal(request);
    if (refusal.isPresent()) {
      network.metrics().unknownSnapshotSender();
      return done(
          named(Replies.unread(request, Replies.error(PRECONDITION, refusal.get()), materializer)));
    }
    Senders.remember(network, request);
    return request
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .idleTimeout(stall)
        .via(new SnapshotHead(MAX_MESSAGE_BYTES))
        .runWith(Sink.head(), materializer)
        .handle(
            (upload, failure) ->
                failure == null
                    ? onUpload(upload, request.entity().getContentLengthOption())
                    : onDamage(EtcdException.causeOf(failure).getMessage()))
        .thenCompose(answer -> answer)
        .thenApply(this::named);
  }

  private CompletionStage<HttpResponse> onDamage(String damage) {
    network.metrics().receiveFailed("raft/snapshot");
    network.metrics().unknownSnapshotSender();
    String text = "failed to decode raft message (%s)".formatted(damage);
    LOG.atWarn().addKeyValue("error", text).log("failed to decode Raft message");
    return done(Replies.closing(Replies.error(BAD_REQUEST, text)));
  }

  private CompletionStage<HttpResponse> onUpload(
      SnapshotHead.Upload upload, OptionalLong contentLength) {
    Message message = upload.message();
    if (message == null) {
      Replies.drain(upload.database(), materializer);
      return onDamage(upload.damage());
    }
    if (message.getType() != MessageType.MsgSnap) {
      return refuse(upload, BAD_REQUEST, "wrong raft message type");
    }
    Optional<String> refusal = network.refusal(message);
    if (refusal.isPresent()) {
      return refuse(
          upload, INTERNAL, "failed to process raft message (%s)".formatted(refusal.get()));
    }
    if (!underWay.add(message.getFrom())) {
      return refuse(
          upload, INTERNAL, "failed to save KV snapshot (another one is still being received)");
    }
    return store(upload, contentLength)
        .whenComplete((response, failure) -> underWay.remove(message.getFrom()));
  }

  private CompletionStage<HttpResponse> refuse(
      SnapshotHead.Upload upload, int status, String text) {
    Replies.drain(upload.database(), materializer);
    LOG.atWarn()
        .addKeyValue("remote-snapshot-sender-id", MemberIds.format(upload.message().getFrom()))
        .addKeyValue("message-type", upload.message().getType())
        .addKeyValue("error", text)
        .log("refused a snapshot");
    network.metrics().unknownSnapshotSender();
    return done(Replies.closing(Replies.error(status, text)));
  }

  private CompletionStage<HttpResponse> store(
      SnapshotHead.Upload upload, OptionalLong contentLength) {
    Message message = upload.message();
    OptionalLong bytes =
        contentLength.isEmpty()
            ? contentLength
            : OptionalLong.of(contentLength.getAsLong() - Long.BYTES - message.getSerializedSize());
    var metrics = network.metrics().peer(message.getFrom());
    long begun = nanoTime.getAsLong();
    metrics.snapshotReceiveBegun();
    log("receiving database snapshot", message, 0);
    return receiver
        .receive(message, bytes, upload.database())
        .thenCompose(kept -> onKept(message, kept))
        .handle(
            (response, failure) -> {
              boolean taken = failure == null && response.status().isSuccess();
              metrics.snapshotReceiveEnded(taken, nanoTime.getAsLong() - begun);
              return failure == null
                  ? response
                  : onFailure(message, EtcdException.causeOf(failure));
            });
  }

  private CompletionStage<HttpResponse> onKept(Message message, SnapshotReceiver.Kept state) {
    network.received(message.getFrom(), state.bytes());
    log("received and saved database snapshot", message, state.bytes());
    return network
        .receive(message)
        .whenComplete((refusal, failure) -> state.onHandled().run())
        .thenApply(
            refusal ->
                refusal
                    .map(
                        text ->
                            Replies.error(
                                INTERNAL, "failed to process raft message (%s)".formatted(text)))
                    .orElseGet(Replies::noContent));
  }

  private static HttpResponse onFailure(Message message, Throwable failure) {
    // Pekko wraps what broke the upload off, and names its class.
    Throwable reason =
        failure instanceof IOOperationIncompleteException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String text = "failed to save KV snapshot (%s)".formatted(reason.getMessage());
    LOG.atWarn()
        .addKeyValue("remote-snapshot-sender-id", MemberIds.format(message.getFrom()))
        .addKeyValue("incoming-snapshot-index", indexOf(message))
        .addKeyValue("error", text)
        .log("failed to save incoming database snapshot");
    return Replies.closing(Replies.error(INTERNAL, text));
  }

  private static void log(String text, Message message, long bytes) {
    LOG.atInfo()
        .addKeyValue("remote-snapshot-sender-id", MemberIds.format(message.getFrom()))
        .addKeyValue("incoming-snapshot-index", indexOf(message))
        .addKeyValue("incoming-snapshot-size-bytes", bytes)
        .log(text);
  }

  private static long indexOf(Message message) {
    return message.getSnapshot().getMetadata().getIndex();
  }

  private HttpResponse named(HttpResponse response) {
    return Replies.withCluster(response, network.identity().clusterId());
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
