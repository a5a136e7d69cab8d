package io.sampo.node.auth;

import io.sampo.node.state.auth.AuthTable;
import io.sampo.protocol.error.EtcdException;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * What the client of a long stream may read: asked when something begins, and again whenever users
 * or roles have changed. By one thread at a time.
 */
public final class StreamAccess {
  private final AccessGate access;
  private final Metadata metadata;
  private AuthTable asked;

  /** As it was found last; null while nobody was. */
  private Caller caller;

  StreamAccess(AccessGate access, Metadata metadata) {
    this.access = access;
    this.metadata = metadata;
    this.asked = access.table();
  }

  /**
   * Why the caller may not begin to read the range, or null. As in etcd its token counts as it is
   * now.
   *
   * @param rangeEnd as in a request
   */
  public EtcdException refusal(byte[] key, byte[] rangeEnd) {
    try {
      Caller reader = access.admit(metadata, rules -> rules.read(key, rangeEnd));
      if (reader != null) {
        caller = reader;
      }
      return null;
    } catch (EtcdException e) {
      return e;
    }
  }

  /** Whether users or roles have changed since this was asked last: one volatile read if not. */
  public boolean hasChanged() {
    AuthTable now = access.table();
    boolean changed = now != asked;
    asked = now;
    return changed;
  }

  /**
   * Why a reader who could begin may not go on, or null. It stays the user it was found to be,
   * whatever became of its token; how old that is does not matter. Who came while authentication
   * was off has to be somebody once it is on.
   */
  public EtcdException loss(byte[] key, byte[] rangeEnd) {
    if (!asked.enabled()) {
      return null;
    }
    if (caller == null) {
      return refusal(key, rangeEnd);
    }
    try {
      asked.checkRead(caller.user(), asked.revision(), key, rangeEnd);
      return null;
    } catch (EtcdException e) {
      AccessAudit.failed(metadata, caller.user(), "read", e);
      return e;
    }
  }
}
