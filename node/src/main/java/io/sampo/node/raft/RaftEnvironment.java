package io.sampo.node.raft;

import io.sampo.node.raft.core.RaftRules;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.protocol.raftpb.Snapshot;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * What surrounds one member.
 *
 * <p>What is told is told on the actor's thread: it is passed on as a message at once.
 *
 * @param log makes the log's behaviour for its owner; the actor spawns it as its child
 * @param applier the state machine's, for committed entries
 * @param installer the state machine's, for a leader's snapshot
 * @param leadership who wants to know whether this member leads
 * @param statusPublisher called on the actor's thread on every change; must be quick
 * @param logBegun called on the actor's thread, once, when the log has written something since the
 *     start
 * @param random for election timeouts; must not be shared
 * @param rules {@link RaftRules#STANDARD}, except where a test breaks one
 */
public record RaftEnvironment(
    Function<ActorRef<LogReply>, Behavior<LogCommand>> log,
    Consumer<CommittedEntries> applier,
    Consumer<SnapshotToInstall> installer,
    Consumer<LeadershipChange> leadership,
    PeerTransport transport,
    Consumer<RaftStatus> statusPublisher,
    Runnable logBegun,
    RaftMetrics metrics,
    RandomGenerator random,
    RaftRules rules) {

  /**
   * The leader's log no longer reaches back to ours: the state must be restored from this snapshot,
   * whose data the transport has stored, and {@link RaftCommand.SnapshotInstalled} told when that
   * is durable.
   */
  public record SnapshotToInstall(Snapshot snapshot) {}
}
