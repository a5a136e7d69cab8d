package io.sampo.node.raft.core;

/**
 * Checks that stay on in production: a member that finds itself in an impossible state must stop.
 */
public final class Invariants {
  private Invariants() {}

  /**
   * @throws InvariantViolation if the condition does not hold; nobody catches it, so the member
   *     ends
   */
  public static void check(boolean condition, String message) {
    if (!condition) {
      throw new InvariantViolation(message);
    }
  }

  /** As above; the numbers are only formatted when the condition does not hold. */
  public static void check(boolean condition, String format, long first, long second) {
    if (!condition) {
      throw new InvariantViolation(String.format(format, first, second));
    }
  }

  /** A state that correct code cannot reach. */
  public static final class InvariantViolation extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    InvariantViolation(String message) {
      super(message);
    }
  }
}
