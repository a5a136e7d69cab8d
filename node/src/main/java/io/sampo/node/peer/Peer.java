package io.sampo.node.peer;

import io.sampo.node.peer.stream.OutgoingStream;
import io.sampo.node.peer.stream.StreamListener;
import io.sampo.node.peer.wire.StreamKind;
import io.sampo.node.raft.RaftCommand;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways to one peer. Chooses one for each message without waiting: what finds no space is
 * dropped and Raft is told that the peer cannot be reached. For any thread.
 */
final class Peer {
  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);

  private final PeerLink link;
  private final AtomicReference<OutgoingStream> appends = new AtomicReference<>();
  private final AtomicReference<OutgoingStream> messages = new AtomicReference<>();
  private final ActorRef<Pipeline.Command> pipeline;
  private final AtomicInteger outstandingPosts;
  private final ActorRef<SnapshotSender.Command> snapshots;
  private final Runnable heard;
  private volatile boolean dropping;
  private volatile boolean closed;

  /**
   * @param outstandingPosts the count that the pipeline takes down
   * @param heard called when the peer has dialled us
   */
  Peer(
      PeerLink link,
      ActorRef<Pipeline.Command> pipeline,
      AtomicInteger outstandingPosts,
      ActorRef<SnapshotSender.Command> snapshots,
      Runnable heard) {
    this.link = link;
    this.pipeline = pipeline;
    this.outstandingPosts = outstandingPosts;
    this.snapshots = snapshots;
    this.heard = heard;
  }

  PeerLink link() {
    return link;
  }

  /**
   * Appends have a stream of their own, so that they delay no heartbeat; snapshots have a
   * connection of their own; what has no stream is posted.
   */
  void send(Message message) {
    if (message.getType() == MessageType.MsgSnap) {
      snapshots.tell(new SnapshotSender.Send(message));
      return;
    }
    OutgoingStream stream = streamFor(message);
    if (stream == null ? post(message) : stream.offer(message)) {
      dropping = false;
    } else {
      dropped(message, stream == null ? "pipeline" : "stream");
    }
  }

  private OutgoingStream streamFor(Message message) {
    OutgoingStream stream = message.getType() == MessageType.MsgApp ? appends.get() : null;
    return stream == null ? messages.get() : stream;
  }

  private boolean post(Message message) {
    PeerSettings settings = link.settings();
    if (outstandingPosts.incrementAndGet() > settings.postsInFlight() + settings.postsWaiting()) {
      outstandingPosts.decrementAndGet();
      return false;
    }
    pipeline.tell(new Pipeline.Post(message));
    return true;
  }

  private void dropped(Message message, String way) {
    link.metrics().sendFailed();
    link.inbox().tell(new RaftCommand.PeerUnreachable(link.peer()));
    if (!dropping) {
      dropping = true;
      LOG.atWarn()
          .addKeyValue("message-type", message.getType())
          .addKeyValue("local-member-id", link.localHex())
          .addKeyValue("remote-peer-id", link.peerHex())
          .addKeyValue("remote-peer-name", way)
          .addKeyValue("remote-peer-active", link.status().activeSinceNanos().isPresent())
          .log("dropped internal Raft message since sending buffer is full");
    }
  }

  boolean hasStreams() {
    return appends.get() != null && messages.get() != null;
  }

  /** The peer has dialled: messages go to the new stream from now on, the one before it ends. */
  OutgoingStream attach(StreamKind kind) {
    AtomicReference<OutgoingStream> place = kind == StreamKind.MSG_APP ? appends : messages;
    StreamEnd end = new StreamEnd(kind, place);
    OutgoingStream stream = new OutgoingStream(kind, link.settings().stream(), end);
    end.stream = stream;
    link.status().activate();
    OutgoingStream old = place.getAndSet(stream);
    if (old != null) {
      old.close();
    }
    if (closed) {
      stream.close();
    }
    log(kind, "established TCP streaming connection with remote peer");
    heard.run();
    return stream;
  }

  void close() {
    closed = true;
    for (AtomicReference<OutgoingStream> place : java.util.List.of(appends, messages)) {
      OutgoingStream stream = place.getAndSet(null);
      if (stream != null) {
        stream.close();
      }
    }
  }

  private void log(StreamKind kind, String message) {
    LOG.atInfo()
        .addKeyValue("stream-writer-type", kind.title())
        .addKeyValue("local-member-id", link.localHex())
        .addKeyValue("remote-peer-id", link.peerHex())
        .log(message);
  }

  /** Takes a stream that has ended out of its place. */
  private final class StreamEnd implements StreamListener {
    private final StreamKind kind;
    private final AtomicReference<OutgoingStream> place;
    private volatile OutgoingStream stream;

    StreamEnd(StreamKind kind, AtomicReference<OutgoingStream> place) {
      this.kind = kind;
      this.place = place;
    }

    @Override
    public void moved(long bytes) {
      link.metrics().sent(bytes);
    }

    @Override
    public void ended(String reason, int lostMessages) {
      place.compareAndSet(stream, null);
      log(kind, "lost TCP streaming connection with remote peer");
      if (!reason.isEmpty()) {
        link.status().deactivate("write", kind.title(), reason);
        link.metrics().sendFailed();
      }
      if (lostMessages > 0) {
        link.inbox().tell(new RaftCommand.PeerUnreachable(link.peer()));
      }
    }
  }
}
