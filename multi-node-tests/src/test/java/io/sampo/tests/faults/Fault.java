package io.sampo.tests.faults;

import java.time.Duration;

/** Something that happens to members for a while. */
record Fault(Action action, Target target, Duration length) {
  /** What happens. */
  enum Action {
    /** SIGKILL; started again afterwards. */
    KILL,
    /** SIGKILL; started again when the others have written more than they keep. */
    LAG,
    /** SIGSTOP, then SIGCONT. */
    PAUSE,
    /** No connection with the others. */
    CUT,
    /** Connections with the others stand, and nothing comes through them. */
    HOLD,
    /** Nothing it says is heard. */
    MUTE,
    /** It hears nothing. */
    DEAFEN,
    /** 200 ms each way. */
    DELAY,
    /** Some kilobytes in a second. */
    SLOW,
    /** Every connection is reset, and may be made again at once. */
    RESET
  }

  /** To whom it happens. */
  enum Target {
    LEADER,
    FOLLOWER,
    /** As many as a cluster can do without, the leader among them. */
    MINORITY,
    ALL
  }

  @Override
  public String toString() {
    return "%s %s for %d ms"
        .formatted(
            action.name().toLowerCase(java.util.Locale.ROOT),
            target.name().toLowerCase(java.util.Locale.ROOT),
            length.toMillis());
  }
}
