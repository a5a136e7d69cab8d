package io.sampo.node.discovery;

import java.util.List;

/**
 * By what the members of a new cluster find each other; of no interest once a member has data.
 *
 * @param token names the new cluster in the discovery service
 * @param endpoints of the discovery service; empty if there is none
 * @param client how the service is called
 * @param dns the other way
 */
public record DiscoverySettings(String token, List<String> endpoints, Client client, Dns dns) {

  /** Of a cluster that is named by its flags. */
  public static final DiscoverySettings NONE =
      new DiscoverySettings(
          "",
          List.of(),
          new Client(
              2_000_000_000L,
              5_000_000_000L,
              2_000_000_000L,
              6_000_000_000L,
              new Tls(true, false, "", "", ""),
              "",
              ""),
          new Dns("", ""));

  public DiscoverySettings {
    endpoints = List.copyOf(endpoints);
  }

  /** Whether there is a discovery service to ask. */
  public boolean hasService() {
    return !endpoints.isEmpty();
  }

  /**
   * Connections with the discovery service, and calls of it.
   *
   * @param dialTimeoutNanos to connect, and to authenticate; 0 for no limit
   * @param requestTimeoutNanos of one call with all its repetitions
   * @param keepAliveTimeNanos between two pings; 0 for none
   * @param keepAliveTimeoutNanos for the answer of a ping
   * @param user who has to authenticate; without a password nobody does, as in etcd
   */
  public record Client(
      long dialTimeoutNanos,
      long requestTimeoutNanos,
      long keepAliveTimeNanos,
      long keepAliveTimeoutNanos,
      Tls tls,
      String user,
      String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Client[user=" + user + ", tls=" + tls + "]";
    }
  }

  /**
   * Empty texts are files that were not given.
   *
   * @param insecureTransport whether to do without TLS where neither files nor the endpoint ask for
   *     it
   * @param insecureSkipVerify whether to believe any certificate
   */
  public record Tls(
      boolean insecureTransport,
      boolean insecureSkipVerify,
      String cert,
      String key,
      String trustedCa) {}

  /**
   * Records of type SRV.
   *
   * @param domain whose records name the members; empty for none
   * @param serviceName with which the names of the services end; may be empty
   */
  public record Dns(String domain, String serviceName) {
    /** Whether there are records to look up. */
    public boolean isUsed() {
      return !domain.isEmpty();
    }
  }
}
