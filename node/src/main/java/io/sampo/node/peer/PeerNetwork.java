package io.sampo.node.peer;

import io.sampo.node.edge.Answers;
import io.sampo.node.peer.stream.OutgoingStream;
import io.sampo.node.peer.wire.StreamKind;
import io.sampo.node.raft.PeerTransport;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.protocol.raftpb.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport of a member of a cluster, and what the HTTP routes and the membership rules ask of
 * it. Exists before Raft, because Raft needs it; what comes before {@link Peers} has begun is lost,
 * as on a network. For any thread.
 */
public final class PeerNetwork implements PeerTransport {
  private static final Logger LOG = LoggerFactory.getLogger(PeerNetwork.class);

  private final PeerIdentity identity;
  private final PeerMetrics metrics;
  private final LongSupplier nanoTime;
  private final LongPredicate removed;
  private final RaftInbox inbox;
  private final Map<Long, Peer> peers = new ConcurrentHashMap<>();
  private final Map<Long, Peer> remotes = new ConcurrentHashMap<>();
  private final AtomicInteger mostConnected = new AtomicInteger();
  private volatile ActorRef<Peers.Command> manager;

  /**
   * @param removed whether an id was removed from the cluster for good, as far as this member has
   *     applied; any thread asks
   */
  public PeerNetwork(
      PeerIdentity identity, PeerMetrics metrics, LongSupplier nanoTime, LongPredicate removed) {
    this.identity = identity;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.removed = removed;
    this.inbox = new RaftInbox(new MessageRules(identity.memberId(), removed));
  }

  void begin(ActorRef<RaftCommand> raft, ActorRef<Peers.Command> newManager, Answers answers) {
    manager = newManager;
    inbox.bind(raft, answers);
  }

  // ---- towards peers ----

  @Override
  public void send(Message message) {
    Peer peer = peers.get(message.getTo());
    if (peer == null) {
      peer = remotes.get(message.getTo());
    }
    if (peer != null) {
      peer.send(message);
    } else {
      LOG.atDebug()
          .addKeyValue("type", message.getType())
          .addKeyValue("unknown-target-peer-id", MemberIds.format(message.getTo()))
          .log("ignored message send request; unknown remote peer target");
    }
  }

  // ---- from peers ----

  /** Whether streams from this member are accepted. */
  public boolean isMember(long id) {
    return peers.containsKey(id);
  }

  /** A peer asks for a stream to it. Empty if it is no member here. */
  public Optional<OutgoingStream> attach(long from, StreamKind kind) {
    return Optional.ofNullable(peers.get(from)).map(peer -> peer.attach(kind));
  }

  /** Why a message would be refused; empty if it would not. */
  public Optional<String> refusal(Message message) {
    return inbox.refusal(message);
  }

  /**
   * Hands a posted message to Raft.
   *
   * @return why it was refused, empty if it was not; completed when Raft has handled it
   */
  public CompletableFuture<Optional<String>> receive(Message message) {
    Optional<String> refusal = inbox.accept(message.getFrom(), message);
    return refusal.isPresent()
        ? CompletableFuture.completedFuture(refusal)
        : inbox.handled().thenApply(handled -> refusal);
  }

  /** Counts what came from a peer, if it is one. */
  public void received(long from, long bytes) {
    Peer peer = peers.getOrDefault(from, remotes.get(from));
    if (peer != null) {
      peer.link().metrics().received(bytes);
    }
  }

  /** A sender that may be unknown says where it can be reached; it is answered by posts. */
  public void heardOf(long id, String peerUrls) {
    ActorRef<Peers.Command> target = manager;
    if (target != null && !peers.containsKey(id) && !remotes.containsKey(id)) {
      target.tell(new Peers.AddRemote(id, peerUrls));
    }
  }

  // ---- about peers ----

  public PeerIdentity identity() {
    return identity;
  }

  public PeerMetrics metrics() {
    return metrics;
  }

  public boolean isRemoved(long id) {
    return removed.test(id);
  }

  /** Since when a member is connected without a failure, in nanoseconds; empty if it is not. */
  public OptionalLong activeSinceNanos(long id) {
    Peer peer = peers.get(id);
    return peer == null ? OptionalLong.empty() : peer.link().status().activeSinceNanos();
  }

  /** Whether a member has dialled both of its streams, so that messages to it need no posts. */
  public boolean hasStreams(long id) {
    Peer peer = peers.get(id);
    return peer != null && peer.hasStreams();
  }

  /** The members that are connected, those for longest first. */
  public List<Long> connected() {
    long now = nanoTime.getAsLong();
    Map<Long, Long> spans = new HashMap<>();
    peers.forEach(
        (id, peer) ->
            peer.link().status().activeSinceNanos().ifPresent(since -> spans.put(id, now - since)));
    return spans.entrySet().stream()
        .sorted(Map.Entry.<Long, Long>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How many other members are connected. */
  public int activePeers() {
    return (int)
        peers.values().stream()
            .filter(peer -> peer.link().status().activeSinceNanos().isPresent())
            .count();
  }

  // ---- for the manager ----

  RaftInbox inbox() {
    return inbox;
  }

  LongSupplier nanoTime() {
    return nanoTime;
  }

  void register(Peer peer, boolean member) {
    (member ? peers : remotes).put(peer.link().peer(), peer);
  }

  void unregister(Peer peer) {
    peers.remove(peer.link().peer(), peer);
    remotes.remove(peer.link().peer(), peer);
  }

  /**
   * Tells Raft of each further peer that is connected, as soon as they and this member are a
   * majority, so that it need not wait a whole election time. (etcd waits for two peers, once.)
   */
  void statusChanged() {
    int active = activePeers();
    int before = mostConnected.getAndAccumulate(active, Math::max);
    int majority = (peers.size() + 1) / 2;
    if (active > before && active >= majority) {
      inbox.tell(new RaftCommand.PeersConnected());
    }
  }
}
