package io.sampo.node.auth;

/**
 * What kind of tokens a member makes and takes.
 *
 * @param options the kind, and behind commas what it needs: {@code --auth-token}
 * @param simpleTimeToLiveNanos how long a simple token lives after its last use; the default if not
 *     positive
 */
public record TokenSettings(String options, long simpleTimeToLiveNanos) {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /**
   * As the flags say it.
   *
   * @param timeToLiveSeconds too many become some other time, as in etcd
   */
  public static TokenSettings of(String options, long timeToLiveSeconds) {
    return new TokenSettings(options, timeToLiveSeconds * NANOS_PER_SECOND);
  }
}
