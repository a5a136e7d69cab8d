package io.sampo.node.maintenance;

import io.sampo.protocol.error.EtcdError;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version that somebody wants to go back to; only major and minor count.
 *
 * @param major unsigned
 * @param minor unsigned
 */
record DowngradeVersion(int major, int minor) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(?:\\.\\d{1,9}(?:[-+].*)?)?");

  /**
   * Reads {@code 3.6} or {@code 3.6.0}.
   *
   * @throws io.sampo.protocol.error.EtcdException WRONG_DOWNGRADE_VERSION_FORMAT
   */
  static DowngradeVersion parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw EtcdError.WRONG_DOWNGRADE_VERSION_FORMAT.exception();
    }
    return new DowngradeVersion(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** As the log carries it: {@code 3.6.0}. */
  @Override
  public String toString() {
    return major + "." + minor + ".0";
  }

  /**
   * Checks that this is one minor version below the cluster's.
   *
   * @throws io.sampo.protocol.error.EtcdException CLUSTER_VERSION_UNAVAILABLE or
   *     INVALID_DOWNGRADE_TARGET_VERSION
   */
  void check(Optional<String> clusterVersion) {
    DowngradeVersion current =
        parse(clusterVersion.orElseThrow(EtcdError.CLUSTER_VERSION_UNAVAILABLE::exception));
    if (major != current.major || minor != current.minor - 1) {
      throw EtcdError.INVALID_DOWNGRADE_TARGET_VERSION.exception();
    }
  }
}
