package io.sampo.tests.sim.mutant;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.node.state.lease.Lease;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.tests.sim.cluster.Mutation;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.cluster.Tap;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;

/** The ways to put a bug in. */
final class Mutations {
  /** What stands before an actor. */
  interface Gate {
    void pass(SimMember member, Object message, Consumer<Object> next);
  }

  private Mutations() {}

  /** Other rules than the paper's. */
  static Mutation rules(RaftRules wrong) {
    return new Mutation() {
      @Override
      public RaftRules rules(SimMember member) {
        return wrong;
      }
    };
  }

  /** A gate before one actor of every member. */
  static Mutation inActor(String actor, Gate gate) {
    return new Mutation() {
      @Override
      public <T> Behavior<T> actor(SimMember member, String name, Behavior<T> behavior) {
        return name.equals(actor)
            ? Tap.of(behavior, (message, next) -> gate.pass(member, message, next))
            : behavior;
      }
    };
  }

  static boolean isRequest(Entry entry) {
    return entry.getType() == EntryType.EntryNormal && !entry.getData().isEmpty();
  }

  static boolean isRevoke(byte[] data) {
    try {
      return InternalRaftRequest.parseFrom(data).hasLeaseRevoke();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] revokeOf(long lease) {
    return InternalRaftRequest.newBuilder()
        .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease))
        .build()
        .toByteArray();
  }

  static List<Long> leases(SimMember member) {
    return member.state().leases().toList().stream().map(Lease::id).toList();
  }
}
