package io.sampo.node.training;

import io.sampo.node.boot.Boot;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.NodeStarter.RunningNode;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A node under real load for a few seconds, then once more on the directory it left: what Java
 * writes down while this runs is what a start and its first thousands of requests need.
 */
public final class LoadRehearsal implements Training.Rehearsal {
  private final List<Duration> runs;

  /** As long as somebody at a first start may wait, and as a slow machine needs to learn. */
  public LoadRehearsal() {
    this(List.of(Duration.ofSeconds(12), Duration.ofSeconds(3)));
  }

  /**
   * @param runs how long the node is under load after each of its starts
   */
  LoadRehearsal(List<Duration> runs) {
    this.runs = runs;
  }

  @Override
  public void perform(Path directory) throws Exception {
    SystemSources sources = SystemSources.real();
    for (Duration load : runs) {
      int port = freePort();
      RunningNode node = Server.start(configuration(directory, port, freePort()), sources);
      try (RehearsalClient client = new RehearsalClient(port, sources.nanoTime())) {
        client.work(load);
      } finally {
        node.stop();
      }
      node.awaitEnd();
    }
  }

  private static NodeConfig configuration(Path directory, int port, int peerPort) {
    String clients = "http://127.0.0.1:" + port;
    String peers = "http://127.0.0.1:" + peerPort;
    Boot.Outcome outcome =
        Boot.read(
            List.of(
                "--name=training",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=training=" + peers,
                // Low enough to be reached here, so that writing and reading snapshots is part of
                // it.
                "--snapshot-count=5000"),
            Map.of());
    if (outcome instanceof Boot.Outcome.Start start) {
      return start.config();
    }
    throw new IllegalStateException("the flags of the training are wrong: " + outcome);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
