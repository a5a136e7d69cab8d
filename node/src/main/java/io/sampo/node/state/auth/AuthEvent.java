package io.sampo.node.state.auth;

/** What an applied entry means for tokens, which are not part of the replicated state. */
public sealed interface AuthEvent {
  /** Authentication is on from here. */
  record Enabled() implements AuthEvent {}

  /** Authentication is off from here, and every token is worth nothing. */
  record Disabled() implements AuthEvent {}

  /** The user is gone or has another password: its tokens are worth nothing. */
  record UserInvalidated(String user) implements AuthEvent {}

  /**
   * The user has shown its password and is due a token.
   *
   * @param simpleToken the simple token it gets where tokens are such: a prefix that whoever
   *     proposed the entry drew, a dot, and the index before the entry's
   */
  record Authenticated(String user, long authRevision, String simpleToken) implements AuthEvent {}
}
