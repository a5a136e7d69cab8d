package io.sampo.node.state.membership;

/**
 * Whether the cluster is on its way to an older version.
 *
 * @param targetVersion empty unless enabled
 */
public record DowngradeState(boolean enabled, String targetVersion) {
  /** No downgrade. */
  public static final DowngradeState NONE = new DowngradeState(false, "");
}
