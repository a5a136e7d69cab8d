package io.sampo.node.maintenance;

import io.sampo.node.raft.RaftStatus;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.SortedMap;
import java.util.TreeMap;

/** The variables of {@code /debug/vars}, as JSON texts under etcd's names. */
public final class ServerVariables {
  private ServerVariables() {}

  public static SortedMap<String, String> of(RaftStatus raft) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    TreeMap<String, String> variables = new TreeMap<>();
    variables.put("cmdline", "[\"sampo\"]");
    variables.put(
        "memstats",
        "{\"HeapAlloc\":%d,\"HeapSys\":%d}".formatted(heap.getUsed(), heap.getCommitted()));
    variables.put(
        "raft.status",
        "{\"id\":\"%s\",\"term\":%d,\"commit\":%d,\"lead\":\"%s\",\"raftState\":\"%s\",\"applied\":%d}"
            .formatted(
                Long.toUnsignedString(raft.memberId(), 16),
                raft.term(),
                raft.committedIndex(),
                Long.toUnsignedString(raft.leaderId(), 16),
                "State" + raft.role(),
                raft.appliedIndex()));
    return variables;
  }
}
