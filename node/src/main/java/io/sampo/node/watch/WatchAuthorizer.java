package io.sampo.node.watch;

import io.sampo.node.auth.StreamAccess;
import io.sampo.protocol.error.EtcdException;

/** What the client of a stream may watch. Asked on the session's thread. */
@FunctionalInterface
public interface WatchAuthorizer {
  WatchAuthorizer EVERYTHING = (key, rangeEnd) -> null;

  /**
   * Asked for each watcher at its creation.
   *
   * @param key never empty
   * @param rangeEnd as the client sent it
   * @return why not, or null if it may
   */
  EtcdException refusal(byte[] key, byte[] rangeEnd);

  /** Whether what may be watched may have become less since this was asked last; asked often. */
  default boolean hasChanged() {
    return false;
  }

  /** Why a watcher that was created may not see more, or null if it may. */
  default EtcdException loss(byte[] key, byte[] rangeEnd) {
    return null;
  }

  /** Who may watch is who may read. */
  static WatchAuthorizer of(StreamAccess access) {
    return new WatchAuthorizer() {
      @Override
      public EtcdException refusal(byte[] key, byte[] rangeEnd) {
        return access.refusal(key, rangeEnd);
      }

      @Override
      public boolean hasChanged() {
        return access.hasChanged();
      }

      @Override
      public EtcdException loss(byte[] key, byte[] rangeEnd) {
        return access.loss(key, rangeEnd);
      }
    };
  }
}
