package io.sampo.node.auth;

import io.sampo.protocol.error.EtcdException;

/**
 * Makes tokens for users whose password was right, and knows whose token one is: etcd's {@code
 * TokenProvider} (server/auth/store.go). For any thread; nothing here waits.
 */
public interface TokenProvider {
  /**
   * The user of a token, or null if it is none. A simple token lives on by this use. Whoever asks
   * has waited until this member has applied its {@link #awaitedIndex}.
   *
   * @param authRevision the current one; a JWT brings its own
   */
  Caller caller(String token, long authRevision);

  /**
   * The index up to which a member must have applied its log before it knows this token: the token
   * may come from another member, which is ahead. 0 if there is nothing to wait for.
   */
  default long awaitedIndex(String token) {
    return 0;
  }

  /**
   * Where a token begins that is to be proposed with the Authenticate entry; empty if tokens are
   * not replicated.
   */
  String prefix();

  /**
   * Called by the applier when an Authenticate entry is applied; the token for the client.
   *
   * @param authRevision the current one, which a JWT says
   * @param simpleToken {@link SimpleTokens#token} of the entry's own; of no interest to others
   * @throws EtcdException if none can be made, as of a key that only verifies
   */
  String assign(String user, long authRevision, String simpleToken) throws EtcdException;

  /** Authentication is on from now on, or was found on. */
  void enable();

  /** Authentication is off: no token is one any more. */
  void disable();

  /** The tokens of this user are none any more, as far as they can be called back. */
  void forget(String user);
}
