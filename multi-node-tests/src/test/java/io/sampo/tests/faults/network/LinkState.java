package io.sampo.tests.faults.network;

import java.time.Duration;

/**
 * What becomes of the bytes from one member to another.
 *
 * @param delay of every byte
 * @param bytesPerSecond 0: as fast as they come
 */
public record LinkState(Mode mode, Duration delay, int bytesPerSecond) {
  /** Whether bytes pass. */
  public enum Mode {
    PASS,
    /** Taken and kept until the link is open again. */
    HOLD,
    /** Connections are reset, new ones too; it takes both directions down, as with TCP. */
    CUT
  }

  public static final LinkState OPEN = new LinkState(Mode.PASS, Duration.ZERO, 0);
  public static final LinkState HELD = new LinkState(Mode.HOLD, Duration.ZERO, 0);
  public static final LinkState DOWN = new LinkState(Mode.CUT, Duration.ZERO, 0);

  public static LinkState delayed(Duration delay) {
    return new LinkState(Mode.PASS, delay, 0);
  }

  public static LinkState slow(int bytesPerSecond) {
    return new LinkState(Mode.PASS, Duration.ZERO, bytesPerSecond);
  }
}
