package io.sampo.node.bootstrap;

import io.sampo.node.boot.ConfigRules;
import io.sampo.node.boot.InitialCluster;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import io.sampo.node.discovery.DiscoverySettings;
import io.sampo.node.discovery.srv.LookupException;
import io.sampo.node.discovery.srv.NameService;
import io.sampo.node.discovery.srv.SrvCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who begins a new cluster, for a member without data (etcd 3.7.1, PeerURLsMapAndToken).
 *
 * @param config with these members
 * @param peerName for which the others' certificates must be, instead of the host that is dialled
 */
public record InitialMembers(NodeConfig config, Optional<String> peerName) {

  /**
   * Those of the flags, of the DNS, or, until a discovery service has named the others, this member
   * alone.
   *
   * @param names opened only if the flags ask for it
   * @throws ConfigException with etcd's text if the DNS does not name this member
   */
  public static InitialMembers find(NodeConfig config, Supplier<NameService> names)
      throws ConfigException, InterruptedException {
    DiscoverySettings discovery = config.discovery();
    if (discovery.hasService()) {
      List<EtcdUrl> own = config.urls().initialAdvertisePeer();
      return new InitialMembers(
          config.withInitialMembers(Map.of(config.name(), own), discovery.token()),
          Optional.empty());
    }
    return discovery.dns().isUsed()
        ? named(config, names.get())
        : new InitialMembers(config, Optional.empty());
  }

  private static InitialMembers named(NodeConfig config, NameService names)
      throws ConfigException, InterruptedException {
    DiscoverySettings.Dns dns = config.discovery().dns();
    SrvCluster cluster =
        new SrvCluster(
            config.name(), config.urls().initialAdvertisePeer(), dns.domain(), dns.serviceName());
    String found;
    try {
      found = cluster.find(names);
    } catch (LookupException e) {
      throw refusal(e.getMessage());
    }
    Map<String, List<EtcdUrl>> members;
    try {
      members = InitialCluster.parse(found);
    } catch (SyntaxException noUrl) {
      members = Map.of();
    }
    if (!members.containsKey(config.name())) {
      throw refusal(cluster.missing());
    }
    boolean vouchedFor =
        found.contains("https://") && config.security().peer().files().trustedCa().isEmpty();
    return new InitialMembers(
        config.withInitialMembers(members, config.cluster().token()),
        vouchedFor ? Optional.of(dns.domain()) : Optional.empty());
  }

  private static ConfigException refusal(String reason) {
    return ConfigRules.start("error setting up initial cluster: " + reason);
  }
}
