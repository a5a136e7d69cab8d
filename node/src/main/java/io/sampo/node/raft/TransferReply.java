package io.sampo.node.raft;

/** How a leadership transfer ended. */
public record TransferReply(long to, Outcome outcome) {

  /** The ways it can end. */
  public enum Outcome {
    /** The target leads. */
    DONE,
    /** This member does not lead, so it cannot hand over. */
    NOT_LEADER,
    /** The target does not vote. */
    BAD_TRANSFEREE,
    /** The target did not take over in time, or somebody else did; whoever leads goes on. */
    FAILED
  }
}
