package io.sampo.tests.sim.mutant;

import static io.sampo.tests.sim.mutant.Mutations.inActor;
import static io.sampo.tests.sim.mutant.Mutations.rules;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RoleName;
import io.sampo.node.raft.core.AppendRule;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.LogTail;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.node.raft.core.SnapshotRule;
import io.sampo.node.raft.core.VoteRule;
import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.tests.sim.cluster.Mutation;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Bugs of consensus: promises, votes, appends, commits, membership changes. */
final class RaftMutants {
  private static final RaftRules RIGHT = RaftRules.STANDARD;
  private static final long TEN_SECONDS = 10_000_000_000L;

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "early-promise",
              "votes and appends are acknowledged before they are durable",
              () -> inActor("log", RaftMutants::promiseEarly)),
          new Mutant(
              "lying-disk",
              "the journal says durable before it is",
              () ->
                  new Mutation() {
                    @Override
                    public void prepare(SimCluster cluster) {
                      cluster.members().forEach(member -> member.disk().lie());
                    }
                  }),
          new Mutant(
              "impatient-journal",
              "a write that takes longer than ten seconds is given up",
              () ->
                  new Mutation() {
                    @Override
                    public void prepare(SimCluster cluster) {
                      cluster.members().forEach(member -> member.disk().giveUpAfter(TEN_SECONDS));
                    }
                  }),
          new Mutant(
              "forgotten-vote",
              "the vote is forgotten at a restart",
              () -> inActor("raft", RaftMutants::forgetVote)),
          new Mutant(
              "old-term-commit",
              "an old term's entry is committed by counting",
              () ->
                  rules(
                      RIGHT.withCommits(
                          (commit, term, quorum, matchOf, log) ->
                              Math.max(commit, quorum.reached(matchOf))))),
          new Mutant(
              "short-log-vote",
              "a vote is given to a candidate with a shorter log",
              () ->
                  rules(
                      RIGHT.withVotes(
                          (voter, request) ->
                              VoteRule.grants(
                                  new VoteRule.Voter(
                                      voter.term(), voter.vote(), voter.leader(), LogPosition.ZERO),
                                  request)))),
          new Mutant(
              "two-votes",
              "a member votes twice in a term",
              () ->
                  rules(
                      RIGHT.withVotes(
                          (voter, request) -> request.last().isUpToDateWith(voter.last())))),
          new Mutant(
              "unmatched-append",
              "entries are appended without a look at the one before",
              () -> rules(RIGHT.withAppends(RaftMutants::appendBlindly))),
          new Mutant(
              "eager-truncation",
              "a follower drops what it has after any append, also below what is committed",
              () -> rules(RIGHT.withAppends(RaftMutants::truncateAlways))),
          new Mutant(
              "late-answer",
              "an append acknowledged in an earlier term counts in this one",
              () -> inActor("raft", RaftMutants::acceptLateAnswer)),
          new Mutant(
              "unnamed-flush",
              "a write counts by its index, whatever term stands there now",
              UnnamedFlush::new),
          new Mutant(
              "learner-counted",
              "a leader counts learners for its majorities",
              () ->
                  new Mutation() {
                    @Override
                    public RaftRules rules(SimMember member) {
                      return countingLearners(member);
                    }
                  }),
          new Mutant(
              "two-changes",
              "a membership change is proposed while another is in flight",
              () -> rules(RIGHT.withChanges((pending, applied) -> true))),
          new Mutant(
              "overwriting-snapshot",
              "a leader's snapshot replaces a log that goes beyond it",
              () -> rules(RIGHT.withSnapshots(RaftMutants::replaceAlways))),
          new Mutant(
              "believed-commit",
              "a follower believes the leader's commit index beyond what matches",
              () -> inActor("raft", RaftMutants::believeHeartbeat)));

  private RaftMutants() {}

  private static void promiseEarly(SimMember member, Object message, Consumer<Object> next) {
    if (message instanceof LogCommand.Persist persist) {
      List<Message> own = new ArrayList<>();
      for (Message promise : persist.after()) {
        if (promise.getTo() == member.id()) {
          own.add(promise);
        } else {
          member.send(promise);
        }
      }
      next.accept(new LogCommand.Persist(persist.hardState(), persist.entries(), own));
    } else {
      next.accept(message);
    }
  }

  private static void forgetVote(SimMember member, Object message, Consumer<Object> next) {
    if (message instanceof RaftCommand.LogReplied replied
        && replied.reply() instanceof LogReply.Recovered recovered) {
      LogState state = recovered.state();
      LogState amnesic =
          new LogState(
              new HardState(state.hardState().term(), 0),
              state.prefixIndex(),
              state.prefixTerm(),
              state.snapshotIndex(),
              state.membership(),
              state.entries());
      next.accept(new RaftCommand.LogReplied(new LogReply.Recovered(amnesic)));
    } else {
      next.accept(message);
    }
  }

  private static AppendRule.Outcome appendBlindly(Message append, long commit, LogTail log) {
    boolean reachable = append.getIndex() >= commit && append.getIndex() <= log.lastIndex();
    if (!reachable || log.holds(append.getLogTerm(), append.getIndex())) {
      return AppendRule.decide(append, commit, log);
    }
    List<Entry> entries = append.getEntriesList();
    long lastNew = append.getIndex() + entries.size();
    return new AppendRule.Match(entries, lastNew, Math.min(append.getCommit(), lastNew));
  }

  private static AppendRule.Outcome truncateAlways(Message append, long commit, LogTail log) {
    AppendRule.Outcome outcome = AppendRule.decide(append, commit, log);
    return outcome instanceof AppendRule.Match match && append.getEntriesCount() > 0
        ? new AppendRule.Match(append.getEntriesList(), match.lastNew(), match.commit())
        : outcome;
  }

  private static SnapshotRule.Outcome replaceAlways(
      LogPosition snapshot, long commit, LogTail log) {
    return SnapshotRule.Outcome.REPLACES;
  }

  private static void acceptLateAnswer(SimMember member, Object message, Consumer<Object> next) {
    if (message instanceof RaftCommand.Receive receive
        && receive.message().getType() == MessageType.MsgAppResp
        && !receive.message().getReject()
        && receive.message().getTerm() < member.status().term()
        && member.status().role() == RoleName.LEADER) {
      long term = member.status().term();
      next.accept(new RaftCommand.Receive(receive.message().toBuilder().setTerm(term).build()));
    } else {
      next.accept(message);
    }
  }

  private static RaftRules countingLearners(SimMember member) {
    return RIGHT.withCommits(
        (commit, term, quorum, matchOf, log) -> {
          SortedSet<Long> all = new TreeSet<>(Long::compareUnsigned);
          all.addAll(quorum.voters());
          member.state().cluster().confState().getLearnersList().forEach(all::add);
          // As many as a majority of the voters, but of all.
          long[] matches = all.stream().mapToLong(matchOf::applyAsLong).sorted().toArray();
          long reached = matches[matches.length - quorum.size()];
          return reached > commit && log.termAt(reached) == term ? reached : commit;
        });
  }

  private static void believeHeartbeat(SimMember member, Object message, Consumer<Object> next) {
    if (message instanceof RaftCommand.Receive receive
        && receive.message().getType() == MessageType.MsgHeartbeat
        && member.cluster().leader().isPresent()) {
      long commit = member.cluster().leader().get().status().committedIndex();
      next.accept(new RaftCommand.Receive(receive.message().toBuilder().setCommit(commit).build()));
    } else {
      next.accept(message);
    }
  }
}
