package io.sampo.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How members are reached. */
class PeerConnectionsTest {
  private static final int WAIT_SECONDS = 20;

  private final ActorTestKit kit = ActorTestKit.create();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @ParameterizedTest
  @CsvSource({"'', 127.0.0.1", "127.0.0.7, 127.0.0.7"})
  void membersAreDialledFromTheLocalAddress(String local, String seen) throws Exception {
    PeerSettings settings =
        PeerSettings.of(Duration.ofSeconds(1))
            .withLocalAddress(Optional.of(local).filter(text -> !text.isEmpty()));
    PeerConnections connections = new PeerConnections(kit.system(), Optional.empty(), settings);
    try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getByName("127.0.0.1"))) {
      server.setSoTimeout(WAIT_SECONDS * 1000);
      var answer =
          connections
              .request(
                  URI.create("http://127.0.0.1:" + server.getLocalPort()),
                  HttpRequest.GET("/version"))
              .toCompletableFuture();
      try (Socket socket = server.accept()) {
        assertEquals(seen, socket.getInetAddress().getHostAddress());
        socket
            .getOutputStream()
            .write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(204, answer.get(WAIT_SECONDS, TimeUnit.SECONDS).status().intValue());
      }
    }
  }

  @Test
  void theFileOfASocketIsWhatStandsBehindTheScheme() {
    assertEquals("Optional[localhost:2380]", socket("unix://localhost:2380"));
    assertEquals("Optional[/run/etcd.sock]", socket("unixs:///run/etcd.sock"));
    assertEquals("Optional[run/etcd.sock]", socket("unix://run/etcd.sock"));
    assertEquals("Optional.empty", socket("http://localhost:2380"));
    assertEquals("Optional.empty", socket("unix:etcd.sock"));
  }

  private static String socket(String url) {
    return PeerUrls.socket(URI.create(url)).toString();
  }
}
