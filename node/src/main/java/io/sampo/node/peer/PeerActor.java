package io.sampo.node.peer;

import io.sampo.node.peer.wire.StreamKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * One other member: the parent of its connections. When it stops, they close. A failure of one of
 * them is a bug and ends the node.
 */
final class PeerActor extends AbstractBehavior<PeerActor.Command> {
  sealed interface Command {}

  /** The member's URLs have changed; connections that stand stay. */
  record Update(List<java.net.URI> urls) implements Command {}

  private final Peer peer;
  private final Consumer<Peer> unregister;

  /**
   * @param streams whether to dial and probe it; a sender that is no member here yet is only
   *     answered
   * @param register told of the peer when it can be used, before this returns
   * @param unregister told of it when it ends
   */
  static Behavior<Command> create(
      PeerLink link, boolean streams, Consumer<Peer> register, Consumer<Peer> unregister) {
    return Behaviors.setup(
        context -> {
          PeerActor actor = new PeerActor(context, link, streams, unregister);
          register.accept(actor.peer);
          return actor;
        });
  }

  private PeerActor(
      ActorContext<Command> context, PeerLink link, boolean streams, Consumer<Peer> unregister) {
    super(context);
    this.unregister = unregister;
    AtomicInteger outstandingPosts = new AtomicInteger();
    ActorRef<Pipeline.Command> pipeline =
        spawn("pipeline", Pipeline.create(link, outstandingPosts));
    ActorRef<SnapshotSender.Command> snapshots = spawn("snapshots", SnapshotSender.create(link));
    List<ActorRef<StreamDialer.Command>> dialers = new ArrayList<>();
    if (streams) {
      for (StreamKind kind : StreamKind.values()) {
        dialers.add(spawn("stream-" + kind.path(), StreamDialer.create(link, kind)));
      }
      spawn("prober", Prober.create(link));
    }
    Runnable heard = () -> dialers.forEach(dialer -> dialer.tell(StreamDialer.Hurry.INSTANCE));
    this.peer = new Peer(link, pipeline, outstandingPosts, snapshots, heard);
  }

  private <T> ActorRef<T> spawn(String name, Behavior<T> behavior) {
    ActorRef<T> child = getContext().spawn(behavior, name);
    getContext().watch(child);
    return child;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Update.class, this::onUpdate)
        .onSignal(PostStop.class, this::onStop)
        .build();
  }

  private Behavior<Command> onUpdate(Update update) {
    peer.link().urls().update(update.urls());
    return this;
  }

  private Behavior<Command> onStop(PostStop stop) {
    unregister.accept(peer);
    peer.close();
    peer.link().status().end();
    return this;
  }
}
