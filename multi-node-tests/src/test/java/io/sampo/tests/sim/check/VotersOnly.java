package io.sampo.tests.sim.check;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.node.raft.core.Membership;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Only voters count, and only what they hold: whoever leads has the votes of a majority of them,
 * and what a leader calls committed is durable at a majority of them (Raft paper 5.2 and 5.3).
 * Learners are never counted.
 */
public final class VotersOnly implements Check {
  private record Lead(long term, long commit) {}

  private static final String NAME = "voters only";

  private final Violations violations;
  private final DurableLogs logs;
  private final Memberships memberships;
  private final Map<SimMember, Lead> leads = new HashMap<>();
  private final Map<SimMember, Map<Long, Set<Long>>> votes = new HashMap<>();

  public VotersOnly(Violations violations, DurableLogs logs, Memberships memberships) {
    this.violations = violations;
    this.logs = logs;
    this.memberships = memberships;
  }

  @Override
  public void onRaftTold(SimMember member, RaftCommand command) {
    if (command instanceof RaftCommand.Receive received
        && received.message().getType() == MessageType.MsgVoteResp
        && !received.message().getReject()) {
      Message vote = received.message();
      votes
          .computeIfAbsent(member, any -> new HashMap<>())
          .computeIfAbsent(vote.getTerm(), any -> new HashSet<>())
          .add(vote.getFrom());
    }
  }

  @Override
  public void onEnded(SimMember member, String why) {
    leads.remove(member);
  }

  @Override
  public void onRaftStep(SimMember member) {
    RaftStatus status = member.status();
    if (status.role() != RoleName.LEADER) {
      leads.remove(member);
      return;
    }
    Lead before = leads.get(member);
    if (before == null || before.term() != status.term()) {
      checkVotes(member, status.term());
    } else if (status.committedIndex() > before.commit()) {
      checkCommit(member, status.committedIndex());
    } else {
      return;
    }
    leads.put(member, new Lead(status.term(), status.committedIndex()));
  }

  private void checkVotes(SimMember member, long term) {
    Set<Long> given =
        new HashSet<>(votes.getOrDefault(member, Map.of()).getOrDefault(term, Set.of()));
    given.add(member.id());
    Membership membership = memberships.of(member);
    if (!membership.quorum().reachedBy(given::contains)) {
      violations.report(
          NAME,
          "%s leads term %d with the votes of %s, of %s"
              .formatted(member, term, given, membership));
    }
  }

  private void checkCommit(SimMember member, long index) {
    Membership membership = memberships.of(member);
    if (logs.isAtMajority(member, index, membership.quorum())) {
      return;
    }
    violations.report(
        NAME,
        "%s calls entry %d committed, which no majority of %s holds"
            .formatted(member, index, membership));
  }
}
