package io.sampo.node.lease;

/** How a question for the time to live ended. */
public sealed interface TimeToLiveOutcome {

  /** Whole seconds: what is left (rounded down, never negative) and what was granted. */
  record Alive(long remainingSeconds, long grantedSeconds) implements TimeToLiveOutcome {}

  /** As {@link KeepAliveOutcome.NotFound}; the client is told −1. */
  record NotFound() implements TimeToLiveOutcome {}

  /** This member does not lead (any more): the leader has to be asked. */
  record NotLeader() implements TimeToLiveOutcome {}
}
