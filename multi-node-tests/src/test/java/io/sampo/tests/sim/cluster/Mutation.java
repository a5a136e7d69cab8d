package io.sampo.tests.sim.cluster;

import io.sampo.node.raft.core.RaftRules;
import org.apache.pekko.actor.typed.Behavior;

/** What differs from the production code in a cluster: nothing, or one known bug. */
public interface Mutation {
  /** Nothing. */
  Mutation NOTHING = new Mutation() {};

  default RaftRules rules(SimMember member) {
    return RaftRules.STANDARD;
  }

  /** The behaviour in place of an actor's. */
  default <T> Behavior<T> actor(SimMember member, String name, Behavior<T> behavior) {
    return behavior;
  }

  /** Called once the members exist and before they start. */
  default void prepare(SimCluster cluster) {}
}
