package io.sampo.persistence.etcd;

import io.sampo.protocol.raftpb.Entry;
import java.io.IOException;

/** Is shown the entries of a log, one after another. */
@FunctionalInterface
public interface EntryVisitor {

  /**
   * @param entry follows the one before, or replaces what stood at its index and everything after
   *     it
   */
  void accept(Entry entry) throws IOException;
}
