package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes that talk mutual TLS, and those who may not join in. */
@RequiresTool({"etcdctl", "openssl", "curl"})
class PeerTlsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int GARBAGE_CONNECTIONS = 100;
  private static final String REJECTED = "rejected connection on peer endpoint";

  @TempDir Path folder;

  @Test
  void onlyMembersOfTheAuthorityAreHeardAndNewCertificatesNeedNoNewStart() throws Exception {
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.authority("elsewhere");
    certificates.issue("ca", "m1");
    certificates.issue("ca", "m2");
    certificates.issue("elsewhere", "m3");
    try (ClusterUnderTest cluster =
        ClusterUnderTest.notLaunched(
            ServerProgram.underTest(), 3, number -> flags(certificates, "m" + number))) {
      cluster.members().forEach(ServerUnderTest::launch);
      cluster.member(0).awaitReady();
      cluster.member(1).awaitReady();
      theStrangerIsRefusedAndSaidSo(cluster);
      garbageHurtsNobody(cluster.member(0), certificates);

      certificates.issue("ca", "m3");
      cluster.member(2).awaitReady();
      Etcdctl joined = new Etcdctl(cluster.member(2));
      assertEquals(List.of("key", "value"), joined.lines("get", "key"));
      joined.put("through", "the third");
      assertEquals(
          List.of("through", "the third"), new Etcdctl(cluster.member(0)).lines("get", "through"));
      leasesLive(cluster);
    }
  }

  private static List<String> flags(Certificates certificates, String name) {
    return List.of(
        "--peer-cert-file=" + certificates.cert(name),
        "--peer-key-file=" + certificates.key(name),
        "--peer-trusted-ca-file=" + certificates.cert("ca"),
        "--peer-client-cert-auth");
  }

  private static void theStrangerIsRefusedAndSaidSo(ClusterUnderTest cluster) {
    Await.until(LIMIT, () -> "no line", () -> cluster.member(0).log().contains(REJECTED));
    new Etcdctl(cluster.member(1)).put("key", "value");
    assertTrue(cluster.member(2).isRunning());
    assertFalse(cluster.member(2).log().contains("ready to serve client requests"));
  }

  private static void garbageHurtsNobody(ServerUnderTest member, Certificates certificates)
      throws IOException {
    byte[] garbage = new byte[4096];
    new Random(1).nextBytes(garbage);
    for (int i = 0; i < GARBAGE_CONNECTIONS; i++) {
      try (Socket socket = new Socket("127.0.0.1", member.peerPort())) {
        socket.getOutputStream().write(garbage, 0, i * garbage.length / GARBAGE_CONNECTIONS);
      }
    }
    // Plain HTTP, and TLS without a certificate: no answer, and the port goes on answering others.
    String port = "127.0.0.1:" + member.peerPort();
    assertFalse(curl("http://" + port + "/version").contains("etcdserver"));
    assertFalse(curl("-k", "https://" + port + "/version").contains("etcdserver"));
    String answer =
        curl(
            "--cacert",
            certificates.cert("ca"),
            "--cert",
            certificates.cert("m2"),
            "--key",
            certificates.key("m2"),
            "https://" + port + "/version");
    assertTrue(answer.contains("etcdserver"), answer);
    new Etcdctl(member).put("after", "garbage");
  }

  private static String curl(String... words) {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "-m", "120"));
    command.addAll(List.of(words));
    return Command.of(command).limit(LIMIT).run().out();
  }

  /** A member that does not lead asks the leader over TLS. */
  private static void leasesLive(ClusterUnderTest cluster) {
    String lease =
        new Etcdctl(cluster.member(0)).lines("lease", "grant", "500").get(0).split(" ")[1];
    for (ServerUnderTest member : cluster.members()) {
      assertEquals(
          List.of("lease " + lease + " keepalived with TTL(500)"),
          new Etcdctl(member).lines("lease", "keep-alive", "--once", lease));
    }
  }
}
