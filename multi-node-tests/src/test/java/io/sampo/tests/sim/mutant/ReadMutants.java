package io.sampo.tests.sim.mutant;

import static io.sampo.tests.sim.mutant.Mutations.inActor;

import io.sampo.node.apply.Applier;
import io.sampo.node.raft.CommittedEntries;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.ReadIndexReply;
import io.sampo.node.raft.RoleName;
import io.sampo.node.request.ReadBarrier;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Bugs of linearizable reads, and of what is applied. */
final class ReadMutants {
  static final List<Mutant> ALL =
      List.of(
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
              () -> inActor("raft", ReadMutants::answerReadAlone)),
          new Mutant(
              "old-barrier",
              "a read that waits for its barrier when its leader is deposed is answered, not"
                  + " failed",
              OldBarrier::new),
          new Mutant(
              "read-before-apply",
              "a read is released when its index is known, not when it is applied",
              () -> inActor("raft", ReadMutants::answerIndexZero)),
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
                                  : message))));

  private ReadMutants() {}

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
}
