package io.sampo.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.boot.Boot;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.discovery.srv.LookupException;
import io.sampo.node.discovery.srv.NameService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With whom a member without data begins, and that nobody is asked who need not be. */
class InitialMembersTest {
  private static final String[] SRV = {
    "--name=me",
    "--discovery-srv=example.com",
    "--discovery-srv-name=x",
    "--initial-advertise-peer-urls=https://10.0.0.1:1"
  };

  @Test
  void theFlagsAreEnough() throws Exception {
    NodeConfig config = config("--name=me");
    assertSame(config, find(config, null).config());
  }

  @Test
  void aDiscoveredClusterBeginsWithThisMemberUnderItsToken() throws Exception {
    NodeConfig config =
        config("--name=me", "--discovery-token=t", "--discovery-endpoints=127.0.0.1:1");
    NodeConfig found = find(config, null).config();

    assertEquals("{me=[http://localhost:2380]}", found.cluster().initialMembers().toString());
    assertEquals("t", found.cluster().token());
  }

  @Test
  void membersOfTheDnsWithoutAuthorityAreVouchedForByItsDomain() throws Exception {
    NameService names = names("_etcd-server-ssl-x._tcp.example.com");
    InitialMembers found = find(config(SRV), names);

    assertEquals(
        "{0=[https://10.0.0.2:1], me=[https://10.0.0.1:1]}",
        found.config().cluster().initialMembers().toString());
    assertEquals("etcd-cluster", found.config().cluster().token());
    assertEquals(Optional.of("example.com"), found.peerName());
    String[] trusting = java.util.Arrays.copyOf(SRV, SRV.length + 1);
    trusting[SRV.length] = "--peer-trusted-ca-file=f";
    assertEquals(Optional.empty(), find(config(trusting), names).peerName());
  }

  @Test
  void aMemberThatTheDnsDoesNotNameIsRefused() {
    refuses(
        "error setting up initial cluster: cannot find local etcd member \"me\" in SRV records",
        names("_etcd-server-x._tcp.example.com"));
    refuses(
        "error setting up initial cluster: error querying DNS SRV records for _etcd-server-ssl-x"
            + " none\nerror querying DNS SRV records for _etcd-server-x none",
        names("other"));
  }

  private static void refuses(String reason, NameService names) {
    ConfigException refusal = assertThrows(ConfigException.class, () -> find(config(SRV), names));
    assertEquals(reason, refusal.getMessage());
    assertEquals(ConfigException.Report.START, refusal.report());
  }

  private static InitialMembers find(NodeConfig config, NameService names) throws Exception {
    return InitialMembers.find(
        config,
        () -> Optional.ofNullable(names).orElseThrow(() -> new AssertionError("nobody to ask")));
  }

  private static NodeConfig config(String... flags) {
    return assertInstanceOf(Boot.Outcome.Start.class, Boot.read(List.of(flags), Map.of())).config();
  }

  /** Two hosts behind one name. */
  private static NameService names(String service) {
    return new NameService() {
      @Override
      public List<Target> services(String name) throws LookupException {
        if (!name.equals(service)) {
          throw new LookupException("none");
        }
        return List.of(new Target("10.0.0.1", 1), new Target("10.0.0.2", 1));
      }

      @Override
      public String address(String host) {
        return host;
      }
    };
  }
}
