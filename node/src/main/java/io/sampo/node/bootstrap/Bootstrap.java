package io.sampo.node.bootstrap;

import io.sampo.node.state.membership.ClusterMember;
import io.sampo.persistence.datadir.Identity;
import io.sampo.protocol.raftpb.Entry;
import java.util.List;

/**
 * How a member begins: from its own data, as one of a new cluster, or by joining one.
 *
 * @param firstEntries what a new cluster's log begins with; empty for every other member
 * @param known whom a joiner is told of before its log tells it; empty for every other member
 */
public record Bootstrap(Identity identity, List<Entry> firstEntries, List<ClusterMember> known) {
  public Bootstrap {
    firstEntries = List.copyOf(firstEntries);
    known = List.copyOf(known);
  }

  /** A member that has data. */
  public static Bootstrap again(Identity identity) {
    return new Bootstrap(identity, List.of(), List.of());
  }
}
