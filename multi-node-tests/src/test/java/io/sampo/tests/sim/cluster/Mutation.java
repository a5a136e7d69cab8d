package io.sampo.tests.sim.cluster;

import com.google.protobuf.Message;
import io.sampo.node.auth.TokenProvider;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

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

  /** The tokens in place of a member's. */
  default TokenProvider tokens(SimMember member, TokenProvider tokens) {
    return tokens;
  }

  /** What a user's call brings, as the member sees it, in place of what the user sent. */
  default Metadata metadata(SimMember member, Message request, Metadata sent) {
    return sent;
  }

  /** A user's watch stream. */
  default Source<WatchResponse, NotUsed> watch(
      SimMember member, Source<WatchRequest, NotUsed> requests, Metadata metadata) {
    return member.services().watch().watch(requests, metadata);
  }

  /** Called once the members exist and before they start. */
  default void prepare(SimCluster cluster) {}
}
