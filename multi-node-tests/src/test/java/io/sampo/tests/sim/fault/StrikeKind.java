package io.sampo.tests.sim.fault;

/** What may happen to a leader at a bad moment. */
public enum StrikeKind {
  /** A power cut; what it has just sent is lost as well. */
  CRASH,
  /** It stands still, and does not know it when it goes on. */
  PAUSE,
  /** Nobody hears it and it hears nobody; what it has just sent is lost. */
  CUT_OFF,
  /** Nobody hears it. */
  MUTE,
  /** What is said to it comes when it may lead again, in another term. */
  LATE_ANSWERS,
  /**
   * It goes on with a minority, whose answers come late; others replace what these have written,
   * and then it leads again.
   */
  LEADS_MINORITY,
  /**
   * One member writes what its own disk does not take any more; then the power goes, and it is back
   * at once. The member's answers come late.
   */
  LEADS_UNWRITTEN
}
