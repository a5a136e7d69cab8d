package io.sampo.node.peer.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.peer.PeerTestConfig;
import io.sampo.node.peer.TestNode;
import io.sampo.node.peer.stream.StreamLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A node that listens to its peers, and the requests of member 1 of cluster 99 to it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class PeerRoutesFixture {
  static final int FRAME_LIMIT = 1 << 20;
  static final Duration SHORT = Duration.ofMillis(600);

  /** Longer than any test. */
  static final Duration LONG = Duration.ofMinutes(5);

  final ActorTestKit kit = ActorTestKit.create("routes", PeerTestConfig.load());
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = listening(SHORT, SHORT);
  }

  /**
   * A node that knows member 1.
   *
   * @param read after which a sender that says nothing is dropped
   * @param write after which a reader that takes nothing is dropped
   */
  TestNode listening(Duration read, Duration write) throws Exception {
    StreamLimits limits = StreamLimits.DEFAULT.withFrameBytes(FRAME_LIMIT).withTimeout(SHORT);
    TestNode listening =
        new TestNode(kit, 2, TestNode.settings().withStream(limits.withTimeouts(read, write)));
    listening.add(1, "http://127.0.0.1:1");
    kit.createTestProbe()
        .awaitAssert(
            () -> {
              assertTrue(listening.network.isMember(1));
              return null;
            });
    return listening;
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  HttpRequest.Builder plain(String path) {
    return HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(Duration.ofSeconds(20));
  }

  HttpRequest.Builder from(String path, long id, String cluster) {
    return plain(path)
        .header("X-Server-From", Long.toHexString(id))
        .header("X-Server-Version", "3.7.1")
        .header("X-Min-Cluster-Version", "3.0.0")
        .header("X-Etcd-Cluster-ID", cluster);
  }

  HttpResponse<String> post(String path, byte[] body) throws Exception {
    return send(from(path, 1, "99").POST(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  static void assertAnswer(int status, String body, HttpResponse<String> answer) {
    assertEquals(status + " " + body, answer.statusCode() + " " + answer.body());
  }
}
