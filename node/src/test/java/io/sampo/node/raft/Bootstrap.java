package io.sampo.node.raft;

import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import java.util.ArrayList;
import java.util.List;

/** The first entries of a new cluster, as etcd writes them. */
final class Bootstrap {
  private Bootstrap() {}

  static List<Entry> entries(long... members) {
    List<Entry> entries = new ArrayList<>();
    for (long member : members) {
      ConfChange change =
          ConfChange.newBuilder()
              .setType(ConfChangeType.ConfChangeAddNode)
              .setNodeId(member)
              .build();
      entries.add(
          Entry.newBuilder()
              .setType(EntryType.EntryConfChange)
              .setTerm(1)
              .setIndex(entries.size() + 1L)
              .setData(change.toByteString())
              .build());
    }
    return entries;
  }
}
