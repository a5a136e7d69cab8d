package io.sampo.node.raft;

import io.sampo.protocol.raftpb.Entry;
import java.util.List;

/**
 * Entries for the state machine: committed and durable here, contiguous with what was told before.
 * After a snapshot was installed, entries that it contains may still come; the state machine skips
 * them.
 *
 * @param entries never empty; must not be changed
 */
public record CommittedEntries(List<Entry> entries) {}
