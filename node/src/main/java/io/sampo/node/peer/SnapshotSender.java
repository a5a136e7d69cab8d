package io.sampo.node.peer;

import io.sampo.node.peer.wire.FrameBuffer;
import io.sampo.node.peer.wire.MessageEncoder;
import io.sampo.node.raft.RaftCommand;
import io.sampo.protocol.raftpb.Message;
import java.net.URI;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Sends snapshots to one peer, each on a connection of its own, so that nothing waits behind them.
 * A newer one replaces the one under way. Raft is told how each ended.
 */
final class SnapshotSender extends AbstractBehavior<SnapshotSender.Command> {
  sealed interface Command {}

  /** A MsgSnap without its state. */
  record Send(Message message) implements Command {}

  private record Opened(long attempt, SnapshotSource.Content content) implements Command {}

  private record Ended(long attempt, String failure) implements Command {}

  private final PeerLink link;
  private final Materializer materializer;
  private long attempt;
  private boolean busy;
  private long begunNanos;
  private long index;
  private long bytes;
  private URI url;
  private UniqueKillSwitch connection;

  static Behavior<Command> create(PeerLink link) {
    return Behaviors.setup(context -> new SnapshotSender(context, link));
  }

  private SnapshotSender(ActorContext<Command> context, PeerLink link) {
    super(context);
    this.link = link;
    this.materializer = Materializer.createMaterializer(Adapter.toClassic(context));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Send.class, this::onSend)
        .onMessage(Opened.class, this::onOpened)
        .onMessage(Ended.class, this::onEnded)
        .onSignal(PostStop.class, this::onStop)
        .build();
  }

  private Behavior<Command> onSend(Send send) {
    if (busy) {
      end("a newer snapshot replaces it");
    }
    busy = true;
    begunNanos = link.nanoTime().getAsLong();
    index = send.message().getSnapshot().getMetadata().getIndex();
    bytes = 0;
    link.metrics().snapshotSendBegun();
    long current = ++attempt;
    getContext()
        .pipeToSelf(
            link.snapshots().open(send.message()),
            (content, failure) ->
                failure == null
                    ? new Opened(current, content)
                    : new Ended(current, String.valueOf(failure.getMessage())));
    return this;
  }

  private Behavior<Command> onOpened(Opened opened) {
    SnapshotSource.Content content = opened.content();
    if (opened.attempt() != attempt || !busy) {
      // Whoever gives a source expects it to be run or dropped; an unrun one holds nothing.
      return this;
    }
    index = content.message().getSnapshot().getMetadata().getIndex();
    FrameBuffer frame = new FrameBuffer();
    new MessageEncoder().encode(content.message(), frame);
    bytes = frame.size() + content.bytes();
    log("sending database snapshot");
    url = link.urls().pick();
    // With the length the receiver can refuse at once what its disk has no space for.
    Source<ByteString, ?> body = Source.single(frame.take()).concat(content.database());
    HttpRequest request =
        HttpRequest.POST("/raft/snapshot")
            .withHeaders(PeerHeaders.of(link.identity()))
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, bytes, body));
    Pair<UniqueKillSwitch, CompletionStage<PeerAnswer>> running =
        Source.single(request)
            .concat(Source.maybe())
            .via(link.connections().open(url, link.settings().snapshotTimeout()))
            .viaMat(KillSwitches.single(), Keep.right())
            // The answer has to be read before the end of the stream closes the connection.
            .mapAsync(1, response -> PeerAnswer.read(response, materializer))
            .toMat(Sink.head(), Keep.both())
            .run(materializer);
    connection = running.first();
    getContext()
        .pipeToSelf(
            running.second(),
            (answer, failure) ->
                new Ended(
                    opened.attempt(),
                    failure == null ? answer.failure() : String.valueOf(failure.getMessage())));
    return this;
  }

  private Behavior<Command> onEnded(Ended ended) {
    if (ended.attempt() == attempt && busy) {
      end(ended.failure());
    }
    return this;
  }

  private void end(String failure) {
    busy = false;
    boolean delivered = failure.isEmpty();
    link.metrics().snapshotSendEnded(delivered, link.nanoTime().getAsLong() - begunNanos);
    if (delivered) {
      log("sent database snapshot");
      link.status().activate();
      link.metrics().sent(bytes);
    } else {
      fail(failure);
    }
    link.inbox().tell(new RaftCommand.SnapshotSent(link.peer(), delivered));
    close();
  }

  private void fail(String failure) {
    getContext()
        .getLog()
        .atWarn()
        .addKeyValue("snapshot-index", index)
        .addKeyValue("remote-peer-id", link.peerHex())
        .addKeyValue("bytes", bytes)
        .addKeyValue("error", failure)
        .log("failed to send database snapshot");
    if (url != null) {
      link.urls().failed(url);
    }
    link.status().deactivate("post", "sendMsgSnap", failure);
    link.metrics().sendFailed();
    link.inbox().tell(new RaftCommand.PeerUnreachable(link.peer()));
  }

  private void close() {
    if (connection != null) {
      connection.shutdown();
      connection = null;
    }
    url = null;
  }

  private Behavior<Command> onStop(PostStop stop) {
    close();
    return this;
  }

  private void log(String message) {
    getContext()
        .getLog()
        .atInfo()
        .addKeyValue("snapshot-index", index)
        .addKeyValue("remote-peer-id", link.peerHex())
        .addKeyValue("bytes", bytes)
        .log(message);
  }
}
