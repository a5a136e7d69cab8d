package io.sampo.node.state.lease;

/** What an applied entry did to a lease, for those who keep its time. */
public sealed interface LeaseEvent {
  /** The lease it is about. */
  long id();

  /** The lease came to be. */
  record Granted(long id, long ttlSeconds) implements LeaseEvent {}

  /** The lease is gone, and its keys with it. */
  record Revoked(long id) implements LeaseEvent {}

  /** What is left of the lease was noted down; 0 clears the note. */
  record Checkpointed(long id, long remainingSeconds) implements LeaseEvent {}
}
