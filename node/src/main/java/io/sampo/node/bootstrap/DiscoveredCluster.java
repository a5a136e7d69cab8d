package io.sampo.node.bootstrap;

import io.sampo.node.boot.ConfigRules;
import io.sampo.node.boot.InitialCluster;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import io.sampo.node.discovery.Discovery;
import io.sampo.node.discovery.DiscoveryException;
import io.sampo.node.state.membership.MemberIds;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A new cluster whose members a discovery service brings together. */
public final class DiscoveredCluster {
  private static final Logger LOG = LoggerFactory.getLogger(DiscoveredCluster.class);

  private final Connection connection;

  public DiscoveredCluster(Connection connection) {
    this.connection = connection;
  }

  /** Opens the way to the service, which only a new member of such a cluster needs. */
  @FunctionalInterface
  public interface Connection {
    Discovery open() throws DiscoveryException, InterruptedException;
  }

  /**
   * Waits for the others; for ever, if they do not come.
   *
   * @param config with this member alone
   * @throws ConfigException with etcd's text if there is no place for this member
   */
  Bootstrap join(NodeConfig config, long memberId) throws ConfigException, InterruptedException {
    LOG.info("Bootstrapping cluster using v3 discovery.");
    Map<String, List<EtcdUrl>> members;
    try {
      String self = InitialCluster.format(config.cluster().initialMembers());
      members = InitialCluster.parse(connection.open().join(MemberIds.format(memberId), self));
    } catch (DiscoveryException | SyntaxException e) {
      throw new ConfigException(
          ConfigException.Report.JOIN,
          "failed to join discovery cluster (" + e.getMessage() + ")",
          e);
    }
    if (ClusterIdentity.isRepeated(members)) {
      throw ConfigRules.start(
          "discovery cluster " + InitialCluster.format(members) + " has duplicate url");
    }
    NodeConfig found = config.withInitialMembers(members, config.cluster().token());
    // Two members of one name count as one, with other URLs than either of them.
    if (!members.containsKey(config.name()) || ClusterIdentity.of(found).memberId() != memberId) {
      throw ConfigRules.start(
          "discovery cluster "
              + InitialCluster.format(members)
              + " has another member of this name");
    }
    return Bootstrap.fresh(found, ClusterIdentity.of(found));
  }
}
