package io.sampo.tests.abuse;

import io.sampo.tests.process.Await;
import java.io.IOException;
import java.time.Duration;

/** Requests of HTTP/1.1 whose first lines come byte by byte. */
record SlowHeads(int count, Duration interval, Duration limit) implements Abuse {
  private static final String HEAD = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";

  @Override
  public String title() {
    return "slow-heads";
  }

  @Override
  public String what() {
    return "HTTP/1.1: %d request heads, a byte every %d ms for %d s"
        .formatted(count, interval.toMillis(), limit.toSeconds());
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    long deadline = RudeClients.after(limit);
    for (int i = 0; i < count; i++) {
      clients.connect();
    }
    for (int at = 0; System.nanoTime() < deadline; at++) {
      String next = String.valueOf(at < HEAD.length() ? HEAD.charAt(at) : 'x');
      for (RudeConnection connection : clients.connections()) {
        connection.send(next, deadline);
      }
      Await.pause(interval);
    }
  }
}
