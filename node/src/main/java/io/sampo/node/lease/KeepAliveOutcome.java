package io.sampo.node.lease;

/** How a keep-alive ended. */
public sealed interface KeepAliveOutcome {

  /** The lease lives for its whole granted time from now on. */
  record Renewed(long ttlSeconds) implements KeepAliveOutcome {}

  /**
   * There is no such lease (any more); the client is told a time to live of 0. On a leader whose
   * applier lags behind, a lease that another member has just granted is not found either: ask
   * again behind a read barrier before you tell.
   */
  record NotFound() implements KeepAliveOutcome {}

  /** This member does not lead (any more): the leader has to be asked. */
  record NotLeader() implements KeepAliveOutcome {}

  /**
   * No quorum has confirmed within the time of a request that this member leads: it may be stuck.
   * The client has to ask another member.
   */
  record Unconfirmed() implements KeepAliveOutcome {}
}
