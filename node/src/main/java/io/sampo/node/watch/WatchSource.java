package io.sampo.node.watch;

import io.sampo.node.state.mvcc.MvccView;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What all watch sessions of a node share.
 *
 * @param view the newest view; never older than what the hub has been told
 * @param random the jitter of progress reports; has to be safe for many threads
 */
public record WatchSource(
    ActorRef<EventHub.Command> hub,
    Supplier<MvccView> view,
    WatchHeader header,
    WatchSettings settings,
    WatchMetrics metrics,
    RandomGenerator random) {}
