package io.sampo.node.bootstrap;

import com.google.protobuf.ByteString;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.persistence.datadir.Identity;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

  /** A member of a new cluster. */
  static Bootstrap fresh(NodeConfig config, ClusterIdentity identity) {
    return new Bootstrap(
        new Identity(identity.memberId(), identity.clusterId()),
        entries(config, identity),
        List.of());
  }

  /** The entries that every new etcd log begins with: one for each initial member, in term 1. */
  public static List<Entry> entries(NodeConfig config, ClusterIdentity identity) {
    List<Entry> entries = new ArrayList<>();
    identity.memberIds().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Long::compareUnsigned))
        .forEach(
            member -> {
              ClusterMember initial =
                  new ClusterMember(
                      member.getValue(),
                      config.cluster().initialMembers().get(member.getKey()).stream()
                          .map(EtcdUrl::text)
                          .toList(),
                      false,
                      member.getKey(),
                      List.of());
              ConfChange change =
                  ConfChange.newBuilder()
                      .setType(ConfChangeType.ConfChangeAddNode)
                      .setNodeId(member.getValue())
                      .setContext(ByteString.copyFrom(MemberJson.encode(initial)))
                      .build();
              entries.add(
                  Entry.newBuilder()
                      .setType(EntryType.EntryConfChange)
                      .setTerm(1)
                      .setIndex(entries.size() + 1L)
                      .setData(change.toByteString())
                      .build());
            });
    return entries;
  }
}
