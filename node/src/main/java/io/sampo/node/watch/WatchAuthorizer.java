package io.sampo.node.watch;

import io.sampo.protocol.error.EtcdException;

/** Whether the client of a stream may watch a range; asked once for each watcher, at creation. */
@FunctionalInterface
public interface WatchAuthorizer {
  WatchAuthorizer EVERYTHING = (key, rangeEnd) -> null;

  /**
   * @param key never empty
   * @param rangeEnd as the client sent it
   * @return why not, or null if it may
   */
  EtcdException refusal(byte[] key, byte[] rangeEnd);
}
