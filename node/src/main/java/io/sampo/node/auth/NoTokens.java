package io.sampo.node.auth;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;

/** With {@code --auth-token=}: nobody gets a token, and nothing is one. */
final class NoTokens implements TokenProvider {
  @Override
  public Caller caller(String token, long authRevision) {
    return null;
  }

  @Override
  public String prefix() {
    return "";
  }

  @Override
  public String assign(String user, long authRevision, String simpleToken) throws EtcdException {
    throw EtcdError.AUTH_FAILED.exception();
  }

  @Override
  public void enable() {}

  @Override
  public void disable() {}

  @Override
  public void forget(String user) {}
}
