package io.sampo.tests.abuse;

import java.io.IOException;
import java.time.Duration;

/** Requests of HTTP/1.1 that announce a body of 1 GB and send one byte of it. */
record HalfBodies(int count, Duration limit) implements Abuse {

  @Override
  public String title() {
    return "half-bodies";
  }

  @Override
  public String what() {
    return "HTTP/1.1: %d bodies of content-length 1 GB, one byte sent, %d s"
        .formatted(count, limit.toSeconds());
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    long deadline = RudeClients.after(limit);
    for (int i = 0; i < count; i++) {
      RudeConnection connection = clients.connect();
      connection.send(
          "POST /v3/kv/put HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n{",
          deadline);
    }
    clients.holdUntil(deadline);
  }
}
