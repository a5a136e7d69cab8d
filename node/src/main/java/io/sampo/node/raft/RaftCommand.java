package io.sampo.node.raft;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.RaftEnvironment.SnapshotToInstall;
import io.sampo.persistence.log.LogReply;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Message;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** Everything a {@link RaftActor} understands. */
public sealed interface RaftCommand {

  /**
   * Asks for an entry with this data. There is no answer: the proposer sees the entry come back
   * from the applier, or gives up after its own time. Waits while nobody leads; dropped, and
   * counted in {@link RaftMetrics}, when too much is pending.
   *
   * @param data an encoded InternalRaftRequest; never changed afterwards
   */
  record Propose(byte[] data) implements RaftCommand {}

  /**
   * As {@link Propose}, but only for the time in which this member leads that term: afterwards it
   * is dropped, and never passed on to the next leader.
   */
  record ProposeInTerm(long term, byte[] data) implements RaftCommand {}

  /**
   * Asks for a membership change. Enters the log as an empty entry if an earlier change is not
   * applied yet.
   */
  record ProposeConfChange(ConfChange change) implements RaftCommand {}

  /**
   * Asks for an index that a linearizable read must have applied. Always answered, at the latest
   * after the request time.
   */
  record ReadIndex(long requestId, ActorRef<ReadIndexReply> replyTo) implements RaftCommand {}

  /**
   * Asks the leader to hand over to a member. The reply always comes, at the latest two election
   * times later.
   */
  record TransferLeadership(long to, ReplyTo<TransferReply> replyTo) implements RaftCommand {}

  /**
   * As {@link TransferLeadership}, to whichever of these members can take over soonest: the first
   * that has all that is committed, else the one that lacks least.
   *
   * @param candidates best first
   */
  record HandOver(List<Long> candidates, ReplyTo<TransferReply> replyTo) implements RaftCommand {
    public HandOver {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * From the applier: everything up to here is applied. Told after the {@link ConfChangeApplied} of
   * these entries.
   */
  record Applied(long index) implements RaftCommand {}

  /**
   * From the applier, for every EntryConfChange it applied.
   *
   * @param index the entry's; one that is already in effect here changes nothing
   * @param membership the membership from there on
   */
  record ConfChangeApplied(long index, ConfState membership) implements RaftCommand {}

  /** A snapshot of the state up to this entry is durable: the log before it may go. */
  record SnapshotTaken(long index, long term, ConfState membership) implements RaftCommand {}

  /** The answer to {@link SnapshotToInstall}: the state is restored from it, durably. */
  record SnapshotInstalled(long index, long term, ConfState membership) implements RaftCommand {}

  /** A message from a peer, whose sender the transport has checked. */
  record Receive(Message message) implements RaftCommand {}

  /** The transport lost a message to this peer. */
  record PeerUnreachable(long peer) implements RaftCommand {}

  /**
   * The peer's process has ended: its connections broke, and where it listens a new one was
   * refused. A hint only: it may be wrong, and need not come.
   */
  record PeerGone(long peer) implements RaftCommand {}

  /** The transport is done with a MsgSnap to this peer. */
  record SnapshotSent(long peer, boolean delivered) implements RaftCommand {}

  /**
   * One more peer is connected than ever before, and with this member they are a majority: a fresh
   * member need not wait a whole election time any more.
   */
  record PeersConnected() implements RaftCommand {}

  /**
   * Answered when everything told before is handled, so that who tells much can wait for the actor.
   */
  record Fence(ReplyTo<Void> replyTo) implements RaftCommand {}

  /**
   * Answered with how far each member's log is known to match the leader's, by id and the leader's
   * own included; empty if this member does not lead.
   */
  record AskMatches(ReplyTo<Map<Long, Long>> replyTo) implements RaftCommand {}

  /** What the log says. */
  record LogReplied(LogReply reply) implements RaftCommand {}

  /** What the actor tells itself. */
  enum Signal implements RaftCommand {
    /** One heartbeat interval has passed. */
    TICK,
    /**
     * Everything that was in the mailbox when this was sent is collected: write and replicate it.
     */
    FLUSH,
    /** Campaign now, unless somebody leads, without waiting for the election time. */
    CAMPAIGN
  }
}
