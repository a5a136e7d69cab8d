package io.sampo.node.peer;

import io.sampo.node.raft.RaftCommand;
import io.sampo.protocol.raftpb.Message;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.Materializer;

/**
 * Posts the messages for which there is no stream, a few at a time. Whether one more may come is
 * decided by a count that the caller shares, so that nothing piles up in the mailbox.
 */
final class Pipeline extends AbstractBehavior<Pipeline.Command> {
  private static final String NAME = "pipeline";

  sealed interface Command {}

  /** Counted in {@code outstanding} already. */
  record Post(Message message) implements Command {}

  private record Posted(URI url, long bytes, String failure) implements Command {}

  private final PeerLink link;
  private final AtomicInteger outstanding;
  private final Materializer materializer;
  private final Deque<Message> waiting = new ArrayDeque<>();
  private int inFlight;

  /**
   * @param outstanding messages told and not ended; counted up by the teller, down here
   */
  static Behavior<Command> create(PeerLink link, AtomicInteger outstanding) {
    return Behaviors.setup(context -> new Pipeline(context, link, outstanding));
  }

  private Pipeline(ActorContext<Command> context, PeerLink link, AtomicInteger outstanding) {
    super(context);
    this.link = link;
    this.outstanding = outstanding;
    this.materializer = Materializer.createMaterializer(Adapter.toClassic(context));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Post.class, this::onPost)
        .onMessage(Posted.class, this::onPosted)
        .build();
  }

  private Behavior<Command> onPost(Post post) {
    if (inFlight < link.settings().postsInFlight()) {
      send(post.message());
    } else {
      waiting.add(post.message());
    }
    return this;
  }

  private void send(Message message) {
    inFlight++;
    URI url = link.urls().pick();
    byte[] bytes = message.toByteArray();
    HttpRequest request =
        HttpRequest.POST("/raft")
            .withHeaders(PeerHeaders.of(link.identity()))
            .withEntity(
                HttpEntities.create(
                    MediaTypes.applicationBinary("protobuf", false).toContentType(), bytes));
    getContext()
        .pipeToSelf(
            link.connections()
                .request(url, request)
                .thenCompose(response -> PeerAnswer.read(response, materializer)),
            (answer, failure) ->
                new Posted(
                    url,
                    bytes.length,
                    failure == null ? answer.failure() : String.valueOf(failure.getMessage())));
  }

  private Behavior<Command> onPosted(Posted posted) {
    inFlight--;
    outstanding.decrementAndGet();
    if (posted.failure().isEmpty()) {
      link.status().activate();
      link.metrics().sent(posted.bytes());
    } else {
      link.urls().failed(posted.url());
      link.status().deactivate("write", NAME, posted.failure());
      link.metrics().sendFailed();
      link.inbox().tell(new RaftCommand.PeerUnreachable(link.peer()));
    }
    Message next = waiting.pollFirst();
    if (next != null) {
      send(next);
    }
    return this;
  }
}
