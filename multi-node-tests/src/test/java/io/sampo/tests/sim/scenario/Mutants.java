package io.sampo.tests.sim.scenario;

import static io.sampo.tests.sim.scenario.Mutations.inActor;
import static io.sampo.tests.sim.scenario.Mutations.rules;

import io.sampo.node.apply.Applier;
import io.sampo.node.lease.Lessor;
import io.sampo.node.raft.CommittedEntries;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.ReadIndexReply;
import io.sampo.node.raft.RoleName;
import io.sampo.node.raft.core.AppendRule;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.LogTail;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.node.raft.core.SnapshotRule;
import io.sampo.node.raft.core.VoteRule;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.node.watch.EventHub;
import io.sampo.node.watch.WatchSession;
import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.etcdserverpb.WatchRequest;
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

/** All known bugs: each swaps a rule, or stands before one actor. */
final class Mutants {
  private static final RaftRules RIGHT = RaftRules.STANDARD;

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "early-promise",
              "votes and appends are acknowledged before they are durable",
              () -> inActor("log", Mutants::promiseEarly)),
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
              "forgotten-vote",
              "the vote is forgotten at a restart",
              () -> inActor("raft", Mutants::forgetVote)),
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
              () -> rules(RIGHT.withAppends(Mutants::appendBlindly))),
          new Mutant(
              "eager-truncation",
              "a follower drops what it has after any append, also below what is committed",
              () -> rules(RIGHT.withAppends(Mutants::truncateAlways))),
          new Mutant(
              "late-answer",
              "an append acknowledged in an earlier term counts in this one",
              () -> inActor("raft", Mutants::acceptLateAnswer)),
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
              () -> rules(RIGHT.withSnapshots(Mutants::replaceAlways))),
          new Mutant(
              "believed-commit",
              "a follower believes the leader's commit index beyond what matches",
              () -> inActor("raft", Mutants::believeHeartbeat)),
          new Mutant(
              "no-barrier",
              "linearizable reads do not wait for the barrier",
              () ->
                  inActor(
                      "read-barrier",
                      (member, message, next) -> {
                        if (message instanceof ReadBarrier.Await await) {
                          await.replyTo().tell(null);
                        } else {
                          next.accept(message);
                        }
                      })),
          new Mutant(
              "barrier-without-quorum",
              "a leader answers reads without asking a quorum, also when its term is over",
              () -> inActor("raft", Mutants::answerReadAlone)),
          new Mutant(
              "old-barrier",
              "a read that waits for its barrier when its leader is deposed is answered, not"
                  + " failed",
              OldBarrier::new),
          new Mutant(
              "read-before-apply",
              "a read is released when its index is known, not when it is applied",
              () -> inActor("raft", Mutants::answerIndexZero)),
          new Mutant(
              "early-restore",
              "while a leader's state is put in place, reads are answered from the one before",
              EarlyRestore::new),
          new Mutant(
              "skipped-entry",
              "one member skips an entry now and then",
              () ->
                  inActor(
                      "applier",
                      (member, message, next) ->
                          next.accept(
                              member.number() == 0 && message instanceof Applier.Apply apply
                                  ? new Applier.Apply(blankOne(apply.committed()))
                                  : message))),
          new Mutant(
              "lost-event",
              "the events of a batch are lost after a compaction",
              () -> inActor("event-hub", Mutants::loseAfterCompaction)),
          new Mutant(
              "late-resume",
              "a watch that begins at a revision begins one behind it",
              () -> inActor("watch", Mutants::resumeOneOff)),
          new Mutant(
              "repeated-event",
              "a batch of events is published twice",
              () ->
                  inActor(
                      "event-hub",
                      (member, message, next) -> {
                        next.accept(message);
                        if (message instanceof EventHub.Publish
                            && member.state().keys().revision() % 16 == 0) {
                          next.accept(message);
                        }
                      })),
          new Mutant(
              "split-revision",
              "the events of one revision are published in two parts",
              () -> inActor("event-hub", Mutants::split)),
          new Mutant(
              "stale-lessor",
              "a deposed leader's lessor goes on as if it led",
              () -> inActor("lessor", Mutants::reignForEver)),
          new Mutant(
              "hasty-heir",
              "a new leader takes the leases it inherits for expired",
              () -> inActor("lessor", Mutants::revokeInheritance)),
          new Mutant(
              "lost-revoke",
              "an expired lease is never revoked",
              () ->
                  inActor(
                      "raft",
                      (member, message, next) -> {
                        if (!(message instanceof RaftCommand.ProposeInTerm propose
                            && Mutations.isRevoke(propose.data()))) {
                          next.accept(message);
                        }
                      })));

  private Mutants() {}

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

  private static void answerReadAlone(SimMember member, Object message, Consumer<Object> next) {
    if (message instanceof RaftCommand.ReadIndex read
        && member.status().role() == RoleName.LEADER) {
      read.replyTo()
          .tell(new ReadIndexReply.ReadState(read.requestId(), member.status().committedIndex()));
    } else {
      next.accept(message);
    }
  }

  private static void answerIndexZero(SimMember member, Object message, Consumer<Object> next) {
    if (message instanceof RaftCommand.ReadIndex read) {
      read.replyTo().tell(new ReadIndexReply.ReadState(read.requestId(), 0));
    } else {
      next.accept(message);
    }
  }

  private static CommittedEntries blankOne(CommittedEntries committed) {
    List<Entry> entries = new ArrayList<>(committed.entries());
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.getIndex() % 37 == 0 && Mutations.isRequest(entry)) {
        entries.set(i, entry.toBuilder().clearData().build());
      }
    }
    return new CommittedEntries(entries);
  }

  private static void loseAfterCompaction(SimMember member, Object message, Consumer<Object> next) {
    PublishedState state = member.restored().state();
    if (message instanceof EventHub.Publish publish
        && state.keys().compactRevision() > 0
        && state.keys().compactRevision() + 12 > state.keys().revision()
        && publish.batches().size() == 1) {
      List<RevisionBatch> nothing = new ArrayList<>();
      for (RevisionBatch batch : publish.batches()) {
        nothing.add(new RevisionBatch(batch.revision(), List.of()));
      }
      next.accept(new EventHub.Publish(nothing));
    } else {
      next.accept(message);
    }
  }

  private static void resumeOneOff(SimMember member, Object message, Consumer<Object> next) {
    if (!(message instanceof WatchSession.Requests requests)) {
      next.accept(message);
      return;
    }
    List<WatchRequest> wrong = new ArrayList<>();
    for (WatchRequest request : requests.requests()) {
      WatchRequest.Builder builder = request.toBuilder();
      if (request.getCreateRequest().getStartRevision() > 1) {
        long from = request.getCreateRequest().getStartRevision();
        builder.getCreateRequestBuilder().setStartRevision(from + 1);
      }
      wrong.add(builder.build());
    }
    next.accept(new WatchSession.Requests(wrong));
  }

  private static void split(SimMember member, Object message, Consumer<Object> next) {
    if (message instanceof EventHub.Publish publish
        && publish.batches().get(publish.batches().size() - 1).versions().size() > 1) {
      RevisionBatch last = publish.batches().get(publish.batches().size() - 1);
      List<RevisionBatch> first =
          new ArrayList<>(publish.batches().subList(0, publish.batches().size() - 1));
      first.add(new RevisionBatch(last.revision(), last.versions().subList(0, 1)));
      next.accept(new EventHub.Publish(first));
      next.accept(
          new EventHub.Publish(
              List.of(
                  new RevisionBatch(
                      last.revision(), last.versions().subList(1, last.versions().size())))));
    } else {
      next.accept(message);
    }
  }

  private static void reignForEver(SimMember member, Object message, Consumer<Object> next) {
    if (!(message instanceof Lessor.Leadership leadership && !leadership.change().leader())) {
      next.accept(message);
    }
  }

  private static void revokeInheritance(SimMember member, Object message, Consumer<Object> next) {
    next.accept(message);
    if (message instanceof Lessor.Leadership leadership && leadership.change().leader()) {
      Mutations.leases(member)
          .forEach(
              id ->
                  member
                      .member()
                      .replica()
                      .consensus()
                      .raft()
                      .tell(new RaftCommand.Propose(Mutations.revokeOf(id))));
    }
  }
}
