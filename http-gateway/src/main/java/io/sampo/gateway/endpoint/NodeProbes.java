package io.sampo.gateway.endpoint;

import io.sampo.protocol.etcdserverpb.AlarmMember;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/**
 * What the HTTP endpoints ask of the node and tell it. Called from any thread; nothing here may
 * block.
 */
public interface NodeProbes {
  /** The alarms that are on, of every member. */
  List<AlarmMember> alarms();

  boolean hasLeader();

  boolean isLearner();

  boolean isAuthEnabled();

  /** Whether the disk keeps this member waiting for a write of its log, beyond a bound. */
  boolean isDiskLate();

  /**
   * Reads from this member alone.
   *
   * @return empty if it went well, else the error's text; always completes, within the node's own
   *     time limit for requests
   */
  CompletableFuture<Optional<String>> serializableRead();

  /** Reads what the cluster has agreed upon; otherwise as {@link #serializableRead()}. */
  CompletableFuture<Optional<String>> linearizableRead();

  /** This server's version, such as 3.7.1. */
  String serverVersion();

  /** The cluster's version, such as 3.7.0, once it was decided. */
  Optional<String> clusterVersion();

  /** The version of the stored form, once it is known. */
  Optional<String> storageVersion();

  /** The variables of /debug/vars: a name, and its value as JSON text. */
  SortedMap<String, String> debugVariables();

  /** A /health request was answered (etcd_server_health_success, etcd_server_health_failures). */
  void healthAnswered(boolean healthy);

  /**
   * A check of /livez or /readyz was made (etcd_server_healthcheck,
   * etcd_server_healthchecks_total).
   *
   * @param type {@code livez} or {@code readyz}
   */
  void checkMade(String type, String name, boolean success);
}
