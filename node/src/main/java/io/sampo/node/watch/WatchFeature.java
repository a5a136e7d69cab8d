package io.sampo.node.watch;

import io.sampo.node.auth.AccessGate;
import io.sampo.node.dispatch.Actors;
import io.sampo.node.dispatch.SharedRandom;
import io.sampo.node.request.Consensus;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Everything about watches.
 *
 * @param hub tells sessions what is new
 * @param streams opens a session for each stream of a client
 * @param service the same for the gateway
 */
public record WatchFeature(
    ActorRef<EventHub.Command> hub, WatchStreams streams, WatchService service) {
  /** Events kept for watchers that are busy; behind that they read the history. */
  private static final int RING_EVENTS = 100_000;

  private static final long RING_BYTES = 64L << 20;

  /**
   * Starts the hub; sessions come with their streams.
   *
   * @param random the jitter of progress reports
   */
  public static WatchFeature create(
      Actors actors,
      Consensus consensus,
      AccessGate access,
      WatchSettings settings,
      WatchMetrics metrics,
      RandomGenerator random) {
    ActorRef<EventHub.Command> hub =
        actors.spawn(
            "event-hub",
            EventHub.create(consensus.state().keys().revision(), RING_EVENTS, RING_BYTES));
    WatchSource source =
        new WatchSource(
            hub,
            consensus.state()::keys,
            new WatchHeader(
                consensus.clusterId(), consensus.memberId(), () -> consensus.status().get().term()),
            settings,
            metrics,
            new SharedRandom(random));
    WatchStreams streams =
        new WatchStreams(source, session -> actors.spawnSession("watch", session));
    return new WatchFeature(hub, streams, new WatchService(streams, access));
  }
}
