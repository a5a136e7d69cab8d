package io.sampo.node.discovery.srv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which cluster records of the DNS make, and who this member is in it. */
class SrvClusterTest {
  private static final String PLAIN = "_etcd-server._tcp.example.com";
  private static final String SECURE = "_etcd-server-ssl._tcp.example.com";

  private final Names names = new Names();

  @Test
  void whoseAddressIsOurOwnIsThisMember() throws Exception {
    names.services.put(PLAIN, List.of(target("a.example.com.", 1), target("b.example.com.", 1)));

    assertEquals(
        "0=http://a.example.com:1,me=http://b.example.com:1", find("me", "http://10.0.0.2:1"));
    assertEquals(
        "0=http://a.example.com:1,me=http://b.example.com:1", find("me", "http://b.example.com:1"));
  }

  @Test
  void anotherPortIsAnotherMember() throws Exception {
    names.services.put(PLAIN, List.of(target("a.example.com.", 1), target("a.example.com.", 2)));

    assertEquals(
        "0=http://a.example.com:1,me=http://a.example.com:2", find("me", "http://a.example.com:2"));
  }

  @Test
  void membersWithTlsComeFirstAndBothKindsCount() throws Exception {
    names.services.put(SECURE, List.of(target("a.example.com.", 1)));
    names.services.put(PLAIN, List.of(target("b.example.com.", 1)));

    assertEquals(
        "0=https://a.example.com:1,me=http://b.example.com:1",
        find("me", "http://b.example.com:1"));
  }

  @Test
  void theNameOfTheServiceEndsThatOfTheRecord() throws Exception {
    names.services.put("_etcd-server-ssl-x._tcp.example.com", List.of(target("a.example.com.", 1)));

    assertEquals(
        "me=https://a.example.com:1", cluster("me", "x", "https://a.example.com:1").find(names));
  }

  @Test
  void anotherSchemeIsARefusalOnlyIfNobodyIsLeft() throws Exception {
    names.services.put(SECURE, List.of(target("a.example.com.", 1)));

    refuses(
        "error querying DNS SRV records for _etcd-server-ssl bootstrap at"
            + " https://a.example.com:1 from DNS for etcd-server-ssl has scheme mismatch with"
            + " expected peer http://a.example.com:1\n"
            + "error querying DNS SRV records for _etcd-server lookup "
            + PLAIN
            + ": no such host",
        "http://a.example.com:1");

    names.services.put(SECURE, List.of(target("a.example.com.", 1), target("b.example.com.", 1)));
    assertEquals("0=https://b.example.com:1", find("me", "http://a.example.com:1"));
  }

  @Test
  void aTargetWithoutAddressIsPassedOver() throws Exception {
    names.services.put(PLAIN, List.of(target("z.example.com.", 1), target("a.example.com.", 1)));

    assertEquals("me=http://a.example.com:1", find("me", "http://a.example.com:1"));
  }

  @Test
  void withoutRecordsThereIsNoCluster() {
    refuses(
        "error querying DNS SRV records for _etcd-server-ssl lookup "
            + SECURE
            + ": no such host\nerror querying DNS SRV records for _etcd-server lookup "
            + PLAIN
            + ": no such host",
        "http://a.example.com:1");
  }

  @Test
  void anOwnUrlThatCannotBeResolvedIsNamed() {
    names.services.put(PLAIN, List.of(target("a.example.com.", 1)));

    refuses(
        "error querying DNS SRV records for _etcd-server-ssl lookup z.example.com: no such host\n"
            + "error querying DNS SRV records for _etcd-server lookup z.example.com: no such host",
        "http://z.example.com:1");
  }

  private String find(String name, String url) throws Exception {
    return cluster(name, "", url).find(names);
  }

  private void refuses(String reason, String url) {
    LookupException refusal = assertThrows(LookupException.class, () -> find("me", url));
    assertEquals(reason, refusal.getMessage());
  }

  private static SrvCluster cluster(String name, String service, String url)
      throws SyntaxException {
    return new SrvCluster(name, List.of(EtcdUrl.parse(url)), "example.com", service);
  }

  private static NameService.Target target(String host, int port) {
    return new NameService.Target(host, port);
  }

  private static final class Names implements NameService {
    private static final Map<String, String> HOSTS =
        Map.of("a.example.com", "10.0.0.1", "b.example.com", "10.0.0.2", "10.0.0.2", "10.0.0.2");

    private final Map<String, List<Target>> services = new HashMap<>();

    @Override
    public List<Target> services(String name) throws LookupException {
      return known(services, name);
    }

    @Override
    public String address(String host) throws LookupException {
      return known(HOSTS, host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
    }

    private static <T> T known(Map<String, T> all, String name) throws LookupException {
      if (!all.containsKey(name)) {
        throw new LookupException("lookup " + name + ": no such host");
      }
      return all.get(name);
    }
  }
}
