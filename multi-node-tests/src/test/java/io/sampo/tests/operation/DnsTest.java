package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.discovery.srv.Dns;
import io.sampo.node.discovery.srv.LookupException;
import io.sampo.node.discovery.srv.NameService;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Look-ups, against a server of the test. */
class DnsTest {
  private DnsServer server;
  private Dns dns;

  @BeforeEach
  void start() throws Exception {
    server =
        DnsServer.start(
            "_etcd-server._tcp.example.com. 0 IN SRV 20 0 1 late.example.com.",
            "_etcd-server._tcp.example.com. 0 IN SRV 10 1 2 light.example.com.",
            "_etcd-server._tcp.example.com. 0 IN SRV 10 9 3 heavy.example.com.",
            "both.example.com. 0 IN A 10.0.0.1",
            "both.example.com. 0 IN AAAA fd00::1",
            "six.example.com. 0 IN AAAA fd00::2",
            "alias.example.com. 0 IN CNAME both.example.com.");
    dns = new Dns(List.of(server.address()), Duration.ofSeconds(2));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void thePreferredTargetsComeFirst() throws Exception {
    List<NameService.Target> expected =
        List.of(
            new NameService.Target("heavy.example.com.", 3),
            new NameService.Target("light.example.com.", 2),
            new NameService.Target("late.example.com.", 1));
    assertEquals(expected, dns.services("_etcd-server._tcp.example.com"));
    assertEquals(expected, dns.services("_etcd-server._tcp.example.com."));
  }

  @Test
  void whatDoesNotFitIntoADatagramIsAskedForByTcp() throws Exception {
    server.truncate();

    assertEquals(3, dns.services("_etcd-server._tcp.example.com").size());
  }

  @Test
  void anAddressOfIpv4IsPreferred() throws Exception {
    assertEquals("10.0.0.1", dns.address("both.example.com."));
    assertEquals("10.0.0.1", dns.address("alias.example.com"));
    assertEquals("fd00:0:0:0:0:0:0:2", dns.address("six.example.com"));
    assertEquals("127.0.0.1", dns.address("127.0.0.1"));
    assertEquals("0:0:0:0:0:0:0:1", dns.address("::1"));
  }

  @Test
  void whatIsNotThereIsSaidInGosWords() {
    refuses("no such host", "_etcd-server._tcp.nowhere.example");
    refuses("no such host", "both.example.com");
    server.failAll();
    refuses("server misbehaving", "_etcd-server._tcp.example.com");
    dns = new Dns(List.of(silent()), Duration.ofMillis(50));
    LookupException late = assertThrows(LookupException.class, () -> dns.services("x.example."));
    assertEquals(true, late.getMessage().startsWith("lookup x.example. on 127.0.0.1:"));
  }

  private void refuses(String reason, String name) {
    LookupException refusal = assertThrows(LookupException.class, () -> dns.services(name));
    assertEquals(
        "lookup %s on 127.0.0.1:%d: %s".formatted(name, server.address().getPort(), reason),
        refusal.getMessage());
  }

  /** Nobody listens there any more. */
  private InetSocketAddress silent() {
    server.close();
    return server.address();
  }
}
