package io.sampo.node.peer;

import io.sampo.node.dispatch.Actors;
import io.sampo.node.request.Consensus;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The connections with other members; all empty where the transport is not etcd's.
 *
 * @param peers keeps the streams of Raft's messages
 * @param client asks any member
 * @param leader asks whoever leads
 */
public record PeerFeature(
    Optional<ActorRef<Peers.Command>> peers,
    Optional<PeerClient> client,
    Optional<LeaderClient> leader) {

  /**
   * Connects with the members of the state.
   *
   * @param toSend the state that goes with a snapshot to a peer
   * @param requestTimeoutNanos for a question to the leader
   * @param refusedAsRemoved told, perhaps often and on any thread, that a peer calls us removed
   */
  public static PeerFeature create(
      Actors actors,
      Consensus consensus,
      Optional<PeerSetup> setup,
      SnapshotSource toSend,
      Clocks clocks,
      long requestTimeoutNanos,
      Runnable refusedAsRemoved) {
    Optional<ActorRef<Peers.Command>> peers =
        setup.map(
            own ->
                actors.spawn(
                    "peers",
                    Peers.create(
                        own.network(),
                        consensus.raft(),
                        own.environment(
                            actors.system(), toSend, clocks.currentMillis(), refusedAsRemoved))));
    peers.ifPresent(
        actor ->
            actor.tell(PeerSetup.connectWith(setup.orElseThrow().members(consensus.cluster()))));
    return new PeerFeature(
        peers,
        setup.map(own -> own.client(actors.system())),
        setup.map(
            own ->
                own.leaderClient(
                    actors.system(),
                    consensus.status(),
                    consensus::cluster,
                    clocks.nanoTime(),
                    requestTimeoutNanos)));
  }

  /** A monotonic clock and the wall's. */
  public record Clocks(LongSupplier nanoTime, LongSupplier currentMillis) {}
}
