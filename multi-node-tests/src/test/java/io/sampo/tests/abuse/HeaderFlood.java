package io.sampo.tests.abuse;

import java.io.IOException;
import java.time.Duration;

/** One request of HTTP/1.1 with very many, very long headers. */
record HeaderFlood(int headers, int headerBytes, Duration limit) implements Abuse {

  @Override
  public String title() {
    return "headers";
  }

  @Override
  public String what() {
    return "HTTP/1.1: %d headers of %d bytes in one request".formatted(headers, headerBytes);
  }

  @Override
  public boolean isClosedByEtcd() {
    return true;
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    RudeConnection connection = clients.connect();
    long deadline = RudeClients.after(limit);
    boolean open = connection.send("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n", deadline);
    String value = "v".repeat(headerBytes);
    for (int i = 0; i < headers && open; i++) {
      open = connection.send("X-" + i + ": " + value + "\r\n", deadline);
    }
    connection.send("\r\n", deadline);
    clients.holdUntil(deadline);
  }
}
