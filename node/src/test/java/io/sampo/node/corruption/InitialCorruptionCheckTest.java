package io.sampo.node.corruption;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.sampo.node.corruption.InitialCorruptionCheck.DataInconsistencyException;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.peer.PeerConnections;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.mvcc.KeyHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One member with data, and a peer that answers what the test says. */
class InitialCorruptionCheckTest {
  private static final KeyHash OWN = new KeyHash(-7, 3, 9);

  private static ActorTestKit kit;

  private HttpServer peer;
  private int status = 200;
  private String answer = "";
  private String question;

  @BeforeAll
  static void startSystem() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void startPeer() throws IOException {
    peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    peer.createContext(
        "/members/hashkv",
        exchange -> {
          question =
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Etcd-Cluster-ID")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    peer.start();
  }

  @AfterEach
  void stopPeer() {
    peer.stop(0);
  }

  private void check(String... urls) throws DataInconsistencyException, InterruptedException {
    PeerConnections connections =
        new PeerConnections(kit.system(), Optional.empty(), PeerSettings.of(Duration.ofSeconds(1)));
    PeerClient client = new PeerClient(kit.system(), connections);
    Duration timeout = Duration.ofSeconds(30);
    List<ClusterMember> members = List.of(member(0xa, "http://127.0.0.1:1"), member(0xb, urls));
    new InitialCorruptionCheck(
            0xa, timeout, new PeerHashClient(0xa, 0xc1, client, timeout, () -> members))
        .run(OWN);
  }

  private static ClusterMember member(long id, String... urls) {
    return new ClusterMember(id, List.of(urls), false, "m" + id, List.of());
  }

  private String peerUrl() {
    return "http://127.0.0.1:" + peer.getAddress().getPort();
  }

  @Test
  void otherKeysAtTheSameRevisionEndTheStart() {
    answer = "{\"header\":{\"revision\":12},\"hash\":8,\"compact_revision\":3,\"hash_revision\":9}";
    Exception refused =
        assertThrows(
            DataInconsistencyException.class, () -> check("http://127.0.0.1:1", peerUrl()));
    assertEquals("a found data inconsistency with peers", refused.getMessage());
    assertEquals("GET c1 {\"revision\":9}", question);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "200 | {\"header\":{},\"hash\":4294967289,\"compact_revision\":3}",
        "200 | {\"header\":{},\"hash\":8,\"compact_revision\":5}",
        "400 | mvcc: required revision is a future revision",
        "400 | mvcc: required revision has been compacted",
        "412 | cluster ID mismatch",
        "200 | nonsense",
        "200 | {\"hash\":{}}",
        "500 | "
      })
  void anythingElseDoesNot(int given, String text) {
    status = given;
    answer = text == null ? "" : text;
    assertDoesNotThrow(() -> check(peerUrl()));
    assertEquals("GET c1 {\"revision\":9}", question);
  }

  @Test
  void aPeerThatIsNotThereSaysNothing() {
    assertDoesNotThrow(() -> check("http://127.0.0.1:1"));
  }
}
