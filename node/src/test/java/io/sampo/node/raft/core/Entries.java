package io.sampo.node.raft.core;

import io.sampo.protocol.raftpb.Entry;
import java.util.ArrayList;
import java.util.List;

/** Short ways to write logs in tests. */
final class Entries {
  private Entries() {}

  static Entry entry(long term, long index) {
    return Entry.newBuilder().setTerm(term).setIndex(index).build();
  }

  /** Entries of these terms, from an index on. */
  static List<Entry> of(long first, long... terms) {
    List<Entry> entries = new ArrayList<>();
    for (long term : terms) {
      entries.add(entry(term, first + entries.size()));
    }
    return entries;
  }

  /** A log that begins at index 1. */
  static LogTail log(long... terms) {
    return new LogTail(LogPosition.ZERO, of(1, terms));
  }
}
