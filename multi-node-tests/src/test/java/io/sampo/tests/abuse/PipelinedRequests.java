package io.sampo.tests.abuse;

import java.io.IOException;
import java.time.Duration;

/** Requests of HTTP/1.1 one after another whose answers nobody reads. */
record PipelinedRequests(int connections, int requests, Duration limit) implements Abuse {
  private static final int REQUESTS_A_SEND = 100;

  @Override
  public String title() {
    return "pipelined";
  }

  @Override
  public String what() {
    return "HTTP/1.1: %d requests for /metrics on each of %d connections, nothing read, %d s"
        .formatted(requests, connections, limit.toSeconds());
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    byte[] some =
        "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            .repeat(REQUESTS_A_SEND)
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int i = 0; i < connections; i++) {
      clients.connect().stopReading();
    }
    long deadline = RudeClients.after(limit);
    Duration turn = limit.dividedBy(connections);
    for (RudeConnection connection : clients.connections()) {
      long end = RudeClients.after(turn);
      boolean open = true;
      for (int i = 0; i < requests && open; i += REQUESTS_A_SEND) {
        open = connection.send(some, end);
      }
    }
    clients.holdUntil(deadline);
  }
}
