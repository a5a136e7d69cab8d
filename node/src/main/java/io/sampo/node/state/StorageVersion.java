package io.sampo.node.state;

import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.version.EtcdVersion;

/**
 * The version of the stored form: this server's own, or the one below it in a cluster of that
 * version, whose members could read it then (etcd 3.7.1, UpdateStorageVersionIfNeeded; between the
 * two nothing but the number differs).
 */
public final class StorageVersion {
  private static final String BELOW = "3.6.0";

  private StorageVersion() {}

  public static String of(ClusterState cluster) {
    return cluster.clusterVersion().filter(BELOW::equals).orElse(EtcdVersion.STORAGE);
  }
}
