package io.sampo.node.raft.core;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import java.util.HashSet;
import java.util.Set;

/**
 * Membership changes one at a time (Raft thesis 4.1, applied when committed, as etcd-io/raft does).
 * {@link #apply} is the only place that says what a change does to voters and learners: Raft calls
 * it for a new cluster's first entries, the state machine for every change that it does not refuse.
 */
public final class MembershipChange {
  private MembershipChange() {}

  /**
   * The membership after the change; what is already so stays so. Node 0 changes nothing: etcd puts
   * it into a change that its state machine refuses.
   */
  public static Membership apply(Membership before, ConfChange change) {
    long id = change.getNodeId();
    if (id == 0) {
      return before;
    }
    Set<Long> voters = new HashSet<>(before.voters());
    Set<Long> learners = new HashSet<>(before.learners());
    switch (change.getType()) {
      case ConfChangeAddNode -> {
        learners.remove(id);
        voters.add(id);
      }
      case ConfChangeAddLearnerNode -> {
        voters.remove(id);
        learners.add(id);
      }
      case ConfChangeRemoveNode -> {
        voters.remove(id);
        learners.remove(id);
      }
      case ConfChangeUpdateNode -> {}
    }
    return new Membership(voters, learners);
  }

  /**
   * A change may enter the log only when every earlier one is applied; {@code pendingIndex} bounds
   * those from above.
   */
  public static boolean mayPropose(long pendingIndex, long applied) {
    return pendingIndex <= applied;
  }

  public static boolean isChange(Entry entry) {
    return entry.getType() != EntryType.EntryNormal;
  }

  /** Whether a change stands between two indexes, the first excluded and the second included. */
  public static boolean isBetween(LogTail log, long after, long upTo) {
    for (long index = Math.max(after + 1, log.firstIndex()); index <= upTo; index++) {
      if (isChange(log.entryAt(index))) {
        return true;
      }
    }
    return false;
  }

  /**
   * How far a recovered log is certainly committed although the commit index itself is not stored.
   * Entries of term 1 come only from the cluster's bootstrap, nobody is elected in that term; and a
   * membership change is only appended when every earlier one is committed, so all but the last one
   * in a log are.
   */
  public static long committedForCertain(LogTail log) {
    long certain = 0;
    long lastChange = 0;
    for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
      Entry entry = log.entryAt(index);
      if (entry.getTerm() == 1) {
        certain = index;
      } else if (isChange(entry)) {
        certain = Math.max(certain, lastChange);
        lastChange = index;
      }
    }
    return certain;
  }

  /**
   * Whether a change that may or may not be committed makes this member a voter: after a restart
   * the last change in the log is such a one, and the cluster may be unable to elect anybody else.
   */
  public static boolean mayMakeVoter(LogTail log, long committed, long id) {
    for (long index = Math.max(committed + 1, log.firstIndex());
        index <= log.lastIndex();
        index++) {
      Entry entry = log.entryAt(index);
      if (isChange(entry) && apply(Membership.EMPTY, parse(entry)).isVoter(id)) {
        return true;
      }
    }
    return false;
  }

  /** The last bootstrap entry at the head of the log, 0 if the log does not begin with them. */
  public static long bootstrapEnd(LogTail log) {
    long end = 0;
    if (log.prefix().index() == 0) {
      while (end < log.lastIndex() && log.termAt(end + 1) == 1) {
        end++;
      }
    }
    return end;
  }

  /** The membership that the bootstrap entries at the head of the log stand for. */
  public static Membership afterBootstrap(Membership before, LogTail log) {
    Membership membership = before;
    long end = bootstrapEnd(log);
    for (long index = log.firstIndex(); index <= end; index++) {
      Entry entry = log.entryAt(index);
      if (isChange(entry)) {
        membership = apply(membership, parse(entry));
      }
    }
    return membership;
  }

  /** Whether this entry, which somebody proposes, is the removal of a member. */
  public static boolean removes(Entry proposal, long id) {
    if (proposal.getType() != EntryType.EntryConfChange) {
      return false;
    }
    ConfChange change = parse(proposal);
    return change.getType() == ConfChangeType.ConfChangeRemoveNode && change.getNodeId() == id;
  }

  /** The change in an entry; an entry that cannot be read means a damaged log. */
  public static ConfChange parse(Entry entry) {
    try {
      return ConfChange.parseFrom(entry.getData());
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException(
          "entry " + entry.getIndex() + " holds no membership change", damaged);
    }
  }
}
