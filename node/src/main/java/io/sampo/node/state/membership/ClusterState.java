package io.sampo.node.state.membership;

import io.sampo.protocol.raftpb.ConfState;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The members, those that were removed for good, who votes, and the cluster's version; immutable.
 * Ids are unsigned and so is their order.
 *
 * @param members by id
 * @param removed ids that can never come back
 * @param confState who votes and who learns, as Raft counts them
 * @param clusterVersion such as {@code 3.7.0}; empty until the leader has set it
 */
public record ClusterState(
    SortedMap<Long, ClusterMember> members,
    SortedSet<Long> removed,
    ConfState confState,
    Optional<String> clusterVersion,
    Optional<DowngradeState> downgrade) {

  /** A cluster nobody is in. */
  public static final ClusterState EMPTY =
      new ClusterState(
          new TreeMap<>(Long::compareUnsigned),
          new TreeSet<>(Long::compareUnsigned),
          ConfState.newBuilder().setAutoLeave(false).build(),
          Optional.empty(),
          Optional.empty());

  public ClusterState {
    TreeMap<Long, ClusterMember> membersCopy = new TreeMap<>(Long::compareUnsigned);
    membersCopy.putAll(members);
    members = Collections.unmodifiableSortedMap(membersCopy);
    TreeSet<Long> removedCopy = new TreeSet<>(Long::compareUnsigned);
    removedCopy.addAll(removed);
    removed = Collections.unmodifiableSortedSet(removedCopy);
  }

  /** The members in the order of their ids. */
  public List<ClusterMember> memberList() {
    return List.copyOf(members.values());
  }

  /** The member, or null. */
  public ClusterMember member(long id) {
    return members.get(id);
  }

  public ClusterState withVersion(String version) {
    return new ClusterState(members, removed, confState, Optional.of(version), downgrade);
  }

  public ClusterState withDowngrade(DowngradeState state) {
    return new ClusterState(members, removed, confState, clusterVersion, Optional.of(state));
  }

  /**
   * What a member says of itself after it has started. A removed member is ignored.
   *
   * @throws IllegalStateException if there never was such a member: the log contradicts itself
   */
  public ClusterState withAttributes(long id, String name, List<String> clientUrls) {
    if (!members.containsKey(id)) {
      if (removed.contains(id)) {
        return this;
      }
      throw new IllegalStateException(
          "attributes of the unknown member " + Long.toUnsignedString(id, 16));
    }
    return changed(id, member -> member.withAttributes(name, clientUrls));
  }

  ClusterState withMember(ClusterMember member) {
    TreeMap<Long, ClusterMember> changed = new TreeMap<>(members);
    changed.put(member.id(), member);
    return new ClusterState(changed, removed, confState, clusterVersion, downgrade);
  }

  ClusterState withoutMember(long id) {
    TreeMap<Long, ClusterMember> fewer = new TreeMap<>(members);
    fewer.remove(id);
    TreeSet<Long> more = new TreeSet<>(removed);
    more.add(id);
    return new ClusterState(fewer, more, confState, clusterVersion, downgrade);
  }

  ClusterState changed(long id, UnaryOperator<ClusterMember> change) {
    ClusterMember member = members.get(id);
    return member == null ? this : withMember(change.apply(member));
  }

  ClusterState withConfState(ConfState changed) {
    return new ClusterState(members, removed, changed, clusterVersion, downgrade);
  }
}
