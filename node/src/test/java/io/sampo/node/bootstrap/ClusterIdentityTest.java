package io.sampo.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.boot.Boot;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import io.sampo.node.state.membership.MemberIds;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ids as etcd 3.7.1 printed them for the same flags. */
class ClusterIdentityTest {

  @Test
  void aDefaultMemberHasTheIdsThatEtcdGivesIt() throws ConfigException {
    ClusterIdentity identity = ClusterIdentity.bootstrap(config());

    assertEquals("8e9e05c52164694d", MemberIds.format(identity.memberId()));
    assertEquals("cdf818194e3a8c32", MemberIds.format(identity.clusterId()));
  }

  @Test
  void aNamedMemberIsItsOwnCluster() throws ConfigException {
    ClusterIdentity identity =
        ClusterIdentity.bootstrap(
            config("--name=a", "--initial-advertise-peer-urls=http://127.0.0.1:36001"));

    assertEquals("18d357b0e03bdcfe", MemberIds.format(identity.memberId()));
    assertEquals("9292613e1024a47d", MemberIds.format(identity.clusterId()));
    assertEquals(Map.of("a", identity.memberId()), identity.memberIds());
  }

  @Test
  void theClusterIdIsTakenOverTheSortedMemberIds() throws SyntaxException {
    long one = MemberIds.compute(List.of("http://localhost:2380"), "etcd-cluster");
    long two = MemberIds.compute(List.of("http://localhost:99"), "etcd-cluster");

    assertEquals("c1985d4853f96073", MemberIds.format(two));
    assertEquals("9be9dd66155d07d8", MemberIds.format(MemberIds.clusterId(List.of(two, one))));
  }

  @Test
  void aMemberThatIsNotInItsClusterIsRefused() {
    refuses(
        "couldn't find local name \"zz\" in the initial cluster configuration",
        "--name=zz",
        "--initial-cluster=a=http://localhost:2380");
    refuses(
        "--initial-cluster has default=http://localhost:9 but missing from"
            + " --initial-advertise-peer-urls=http://localhost:2380 (resolved urls:"
            + " \"http://localhost:2380\" != \"http://localhost:9\")",
        "--initial-cluster=default=http://localhost:9");
  }

  @Test
  void aNameAndItsAddressAreTheSamePeer() throws ConfigException {
    ClusterIdentity identity =
        ClusterIdentity.bootstrap(config("--initial-cluster=default=http://127.0.0.1:2380"));

    assertEquals(
        ClusterIdentity.bootstrap(
                config(
                    "--initial-cluster=default=http://127.0.0.1:2380",
                    "--initial-advertise-peer-urls=http://127.0.0.1:2380"))
            .memberId(),
        identity.memberId());
  }

  private static void refuses(String text, String... flags) {
    NodeConfig config = config(flags);
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> ClusterIdentity.bootstrap(config));
    assertEquals(text, refusal.getMessage());
  }

  private static NodeConfig config(String... flags) {
    return assertInstanceOf(Boot.Outcome.Start.class, Boot.read(List.of(flags), Map.of())).config();
  }
}
