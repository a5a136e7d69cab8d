package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New clusters of real processes whose members nobody has named in their flags. */
@RequiresTool({"etcdctl", "openssl"})
class DiscoveredClusterTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String SIZE = "/_etcd/registry/%s/_config/size";

  @TempDir Path folder;

  @Test
  void membersFindEachOtherByATokenOverTlsAndAsAUser() {
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("ca", "server");
    certificates.issue("ca", "user");
    List<ServerUnderTest> members = new ArrayList<>();
    try (ServerUnderTest service =
        ServerUnderTest.start(
            ServerProgram.underTest(),
            "--cert-file=" + certificates.cert("server"),
            "--key-file=" + certificates.key("server"),
            "--trusted-ca-file=" + certificates.cert("ca"),
            "--client-cert-auth")) {
      Etcdctl etcdctl = new Etcdctl(service);
      etcdctl.put(SIZE.formatted("T"), "3");
      protect(etcdctl);
      List<String> flags =
          List.of(
              "--discovery-token=T",
              "--discovery-endpoints=" + service.tlsUrl().replace("https://", ""),
              "--discovery-dial-timeout=20s",
              "--discovery-request-timeout=20s",
              "--discovery-keepalive-time=20s",
              "--discovery-keepalive-timeout=20s",
              "--discovery-cacert=" + certificates.cert("ca"),
              "--discovery-cert=" + certificates.cert("user"),
              "--discovery-key=" + certificates.key("user"),
              "--discovery-user=member",
              "--discovery-password=secret");
      for (int number = 1; number <= 3; number++) {
        members.add(ServerUnderTest.named(ServerProgram.underTest(), "m" + number, flags));
      }
      serveTogether(members);
      refuseTheFourth(flags);
      stranger(flags);
    } finally {
      members.forEach(ServerUnderTest::close);
    }
  }

  /** Only this user may use the registry. */
  private static void protect(Etcdctl etcdctl) {
    etcdctl.lines("role", "add", "registry");
    etcdctl.lines("role", "grant-permission", "registry", "--prefix", "readwrite", "/_etcd/");
    etcdctl.lines("user", "add", "member:secret");
    etcdctl.lines("user", "grant-role", "member", "registry");
    etcdctl.lines("user", "add", "root:root");
    etcdctl.lines("user", "grant-role", "root", "root");
    etcdctl.lines("auth", "enable");
  }

  private static void serveTogether(List<ServerUnderTest> members) {
    members.forEach(ServerUnderTest::launch);
    members.forEach(ServerUnderTest::awaitReady);
    new Etcdctl(members.get(0)).put("key", "value");
    for (ServerUnderTest member : members) {
      assertEquals(List.of("key", "value"), new Etcdctl(member).lines("get", "key"));
      assertEquals(3, new Etcdctl(member).lines("member", "list").size());
    }
    // What a member has of the cluster counts from now on.
    ServerUnderTest last = members.get(2);
    last.kill();
    last.start();
    assertEquals(List.of("key", "value"), new Etcdctl(last).lines("get", "key"));
  }

  private static void refuseTheFourth(List<String> flags) {
    try (ServerUnderTest fourth = ServerUnderTest.named(ServerProgram.underTest(), "m4", flags)) {
      fourth.launch();
      assertEquals(1, fourth.awaitExit(LIMIT));
      String log = fourth.log();
      assertTrue(
          log.contains("failed to join discovery cluster (discovery: cluster is full)"), log);
      assertTrue(log.contains("failed to bootstrap; discovery token was already used"), log);
      assertTrue(log.contains("do not reuse discovery token"), log);
      // As in etcd, only the line that repeats the command has the password.
      assertTrue(
          log.lines()
              .filter(line -> line.contains("secret"))
              .allMatch(DiscoveredClusterTest::command),
          log);
    }
  }

  private static boolean command(String line) {
    return line.contains("\"Running: \"");
  }

  /** A wrong password ends the start; nobody asks again and again. */
  private static void stranger(List<String> flags) {
    List<String> wrong = new ArrayList<>(flags);
    wrong.set(wrong.size() - 1, "--discovery-password=wrong");
    try (ServerUnderTest stranger = ServerUnderTest.named(ServerProgram.underTest(), "m5", wrong)) {
      stranger.launch();
      assertEquals(1, stranger.awaitExit(LIMIT));
      assertTrue(
          stranger
              .log()
              .contains(
                  "failed to join discovery cluster (etcdserver: authentication failed, invalid"
                      + " user ID or password)"),
          stranger.log());
    }
  }

  @Test
  void anyCertificateIsBelievedIfThatIsAskedFor() {
    Certificates certificates = new Certificates(folder);
    certificates.authority("self");
    try (ServerUnderTest service =
            ServerUnderTest.start(
                ServerProgram.underTest(),
                "--cert-file=" + certificates.cert("self"),
                "--key-file=" + certificates.key("self"));
        ServerUnderTest member =
            ServerUnderTest.named(
                ServerProgram.underTest(),
                "m1",
                List.of(
                    "--discovery-token=S",
                    "--discovery-endpoints=" + service.tlsUrl().replace("https://", ""),
                    "--discovery-insecure-transport=false",
                    "--discovery-insecure-skip-tls-verify=true"))) {
      new Etcdctl(service).put(SIZE.formatted("S"), "1");
      member.start();
      new Etcdctl(member).put("key", "value");
    }
  }

  @Test
  void membersFindEachOtherByTheDns() throws Exception {
    List<String> flags = List.of("--discovery-srv=example.com", "--discovery-srv-name=blue");
    List<ServerUnderTest> members = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      members.add(ServerUnderTest.named(ServerProgram.underTest(), "m" + number, flags));
    }
    String[] records =
        members.stream()
            .map(
                member ->
                    "_etcd-server-blue._tcp.example.com. 0 IN SRV 1 1 %d localhost."
                        .formatted(member.peerPort()))
            .toArray(String[]::new);
    try (DnsServer dns = DnsServer.start(records)) {
      members.forEach(member -> member.setEnvironment("SAMPO_JAVA_OPTS", server(dns)));
      serveTogether(members);
      try (ServerUnderTest unknown =
          ServerUnderTest.named(ServerProgram.underTest(), "m4", flags)) {
        unknown.setEnvironment("SAMPO_JAVA_OPTS", server(dns));
        unknown.launch();
        assertEquals(1, unknown.awaitExit(LIMIT));
        assertTrue(
            unknown.log().contains("cannot find local etcd member \\\"m4\\\" in SRV records"),
            unknown.log());
      }
    } finally {
      members.forEach(ServerUnderTest::close);
    }
  }

  private static String server(DnsServer dns) {
    return "-Ddns.server=127.0.0.1:" + dns.address().getPort();
  }
}
