package io.sampo.tests.abuse;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Clients with an open watch that do not acknowledge the server's pings. */
record UnansweredPings(int connections, Duration limit) implements Abuse {

  /** The server asks after two seconds and waits two more. */
  static final List<String> KEEPALIVE =
      List.of("--grpc-keepalive-interval=2s", "--grpc-keepalive-timeout=2s");

  @Override
  public String title() {
    return "unanswered-pings";
  }

  @Override
  public String what() {
    return "gRPC: %d clients that acknowledge no ping, %s"
        .formatted(connections, String.join(" ", KEEPALIVE));
  }

  @Override
  public List<String> flags() {
    return KEEPALIVE;
  }

  @Override
  public boolean isClosedByEtcd() {
    return true;
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    for (int i = 0; i < connections; i++) {
      AbandonedWatches.open(clients, 1);
    }
    clients.hold(limit);
  }
}
