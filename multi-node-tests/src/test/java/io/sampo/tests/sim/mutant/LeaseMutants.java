package io.sampo.tests.sim.mutant;

import static io.sampo.tests.sim.mutant.Mutations.inActor;

import io.sampo.node.lease.Lessor;
import io.sampo.node.raft.RaftCommand;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.List;
import java.util.function.Consumer;

/** Bugs of leases. */
final class LeaseMutants {
  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "stale-lessor",
              "a deposed leader's lessor goes on as if it led",
              () -> inActor("lessor", LeaseMutants::keepLeading)),
          new Mutant(
              "early-revoke",
              "a new leader takes the leases it inherits for expired",
              () -> inActor("lessor", LeaseMutants::revokeAll)),
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

  private LeaseMutants() {}

  private static void keepLeading(SimMember member, Object message, Consumer<Object> next) {
    if (!(message instanceof Lessor.Leadership leadership && !leadership.change().leader())) {
      next.accept(message);
    }
  }

  private static void revokeAll(SimMember member, Object message, Consumer<Object> next) {
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
