package io.sampo.node.lease;

import io.sampo.node.auth.AccessGate;
import io.sampo.node.dispatch.Actors;
import io.sampo.node.request.Consensus;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Everything about leases.
 *
 * @param lessor keeps their time while this member leads
 * @param leases asks it, for clients and for other members
 * @param service etcd's Lease service
 */
public record LeaseFeature(
    ActorRef<Lessor.Command> lessor, SettledLeases leases, LeaseService service) {

  /**
   * Starts the lessor.
   *
   * @param leader asked where this member does not lead
   * @param raftIsActive whether Raft's thread has come by lately, from any thread
   */
  public static LeaseFeature create(
      Actors actors,
      Consensus consensus,
      AccessGate access,
      LeaseSettings settings,
      LeaderLeases leader,
      LeaseMetrics metrics,
      LongSupplier nanoTime,
      BooleanSupplier raftIsActive) {
    LeaseContext context =
        LeaseContext.of(
            () -> consensus.state().get().leases(),
            new RaftLeaseProposals(consensus.raft(), consensus.status(), () -> header(consensus)),
            settings,
            nanoTime,
            metrics,
            raftIsActive);
    ActorRef<Lessor.Command> lessor = actors.spawn("lessor", Lessor.create(context));
    Leases leases = new Leases(lessor, context.renewals(), consensus.answers());
    return new LeaseFeature(
        lessor,
        new SettledLeases(consensus.gate(), leases, consensus.state()),
        new LeaseService(
            consensus.gate(),
            access,
            leases,
            leader,
            consensus.state(),
            consensus.headers(),
            consensus.ids()::next));
  }

  /** Leases end in the name of root, who may write whatever hangs on them. */
  private static RequestHeader header(Consensus consensus) {
    RequestHeader.Builder header = RequestHeader.newBuilder().setID(consensus.ids().next());
    AuthTable auth = consensus.state().get().auth();
    if (auth.enabled()) {
      header.setUsername(AuthTable.ROOT).setAuthRevision(auth.revision());
    }
    return header.build();
  }
}
