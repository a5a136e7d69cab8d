package io.sampo.node.auth;

import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.auth.AuthEvent;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.protocol.authpb.User;
import io.sampo.protocol.error.EtcdException;

/** Tells a token provider what was applied. On the applier's thread. */
public final class TokenEvents {
  private final TokenProvider tokens;

  /**
   * @param table as it is found at the start
   */
  public TokenEvents(TokenProvider tokens, AuthTable table) {
    this.tokens = tokens;
    if (table.enabled()) {
      tokens.enable();
    }
  }

  /**
   * An entry was applied.
   *
   * @param recovered whether it was in the log when this member started. What it was due as a token
   *     may have been given and have died before; tokens do not outlive a restart
   * @return the result to answer, with the token that is due
   */
  public ApplyResult applied(ApplyResult result, boolean recovered) {
    AuthEvent event = result.authEvent();
    if (event instanceof AuthEvent.Enabled) {
      tokens.enable();
    } else if (event instanceof AuthEvent.Disabled) {
      tokens.disable();
    } else if (event instanceof AuthEvent.UserInvalidated invalidated) {
      tokens.forget(invalidated.user());
    } else if (event instanceof AuthEvent.Authenticated due && !recovered) {
      return assigned(result, due);
    }
    return result;
  }

  private ApplyResult assigned(ApplyResult result, AuthEvent.Authenticated due) {
    try {
      return result.withToken(tokens.assign(due.user(), due.authRevision(), due.simpleToken()));
    } catch (EtcdException e) {
      return result.withError(e);
    }
  }

  /**
   * A leader's state has replaced ours. In between users may have changed their passwords, and
   * authentication may have been off.
   */
  public void replaced(AuthTable before, AuthTable after) {
    if (!after.enabled()) {
      tokens.disable();
      return;
    }
    tokens.enable();
    for (User user : before.users().values()) {
      User now = after.user(user.getName().toStringUtf8());
      if (now == null || !now.getPassword().equals(user.getPassword())) {
        tokens.forget(user.getName().toStringUtf8());
      }
    }
  }
}
