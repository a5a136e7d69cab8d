package io.sampo.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.boot.Boot;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.discovery.DiscoveryException;
import io.sampo.node.discovery.srv.Dns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a member without data begins where nobody else has to be asked. */
class PeerBootstrapTest {

  @Test
  void whoJoinsARunningClusterCannotBeDiscovered() {
    ConfigException refusal =
        refusal("--initial-cluster-state=existing", "not asked, so no matter what it says");

    assertEquals(
        "discovery URL should not be set when joining existing initial cluster",
        refusal.getMessage());
    assertEquals(ConfigException.Report.START, refusal.report());
  }

  @Test
  void whatTheDiscoveryServiceRefusesIsSaidInEtcdsWords() {
    ConfigException refusal =
        refusal("--initial-cluster-state=new", "discovery: size key not found");

    assertEquals(
        "failed to join discovery cluster (discovery: size key not found)", refusal.getMessage());
    assertEquals(ConfigException.Report.JOIN, refusal.report());
  }

  private static ConfigException refusal(String state, String reason) {
    DiscoveredCluster discovered =
        new DiscoveredCluster(
            () -> {
              throw new DiscoveryException(reason);
            });
    return assertThrows(
        ConfigException.class,
        () -> {
          NodeConfig config = alone(state);
          new PeerBootstrap(config, null, discovered).begin(ClusterIdentity.bootstrap(config));
        });
  }

  /** As far as this member knows before it has asked. */
  private static NodeConfig alone(String state) throws ConfigException, InterruptedException {
    List<String> flags = List.of(state, "--discovery-token=t", "--discovery-endpoints=127.0.0.1:1");
    NodeConfig given =
        assertInstanceOf(Boot.Outcome.Start.class, Boot.read(flags, Map.of())).config();
    return InitialMembers.find(given, () -> new Dns()).config();
  }
}
