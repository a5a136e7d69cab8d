package io.sampo.tests.abuse;

import io.sampo.tests.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Connections on which nothing is ever sent.
 *
 * @param port that they go to
 * @param count 0 to see what the good client meets with alone
 * @param limit how long they stay if the server lets them
 */
record IdleConnections(Port port, int count, int fileLimit, Duration limit) implements Abuse {

  /** Where a server listens. */
  enum Port {
    CLIENT,
    CLIENT_TLS,
    PEER_TLS
  }

  @Override
  public String title() {
    if (count == 0) {
      return "nobody";
    }
    return fileLimit > 0
        ? "file-limit"
        : "silent-" + port.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  @Override
  public String what() {
    return count
        + " connections without a byte, "
        + limit.toSeconds()
        + " s, port "
        + port
        + (fileLimit > 0 ? ", the server may open " + fileLimit + " files" : "");
  }

  @Override
  public boolean needsTls() {
    return port != Port.CLIENT;
  }

  @Override
  public boolean isClosedByEtcd() {
    return needsTls();
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    int number =
        switch (port) {
          case CLIENT -> clients.server().clientPort();
          case CLIENT_TLS -> clients.tlsPort();
          case PEER_TLS -> clients.server().peerPort();
        };
    long deadline = RudeClients.after(limit);
    try {
      for (int i = 0; i < count && System.nanoTime() < deadline; i++) {
        clients.connect(number);
      }
    } finally {
      clients.holdUntil(deadline);
      if (count == 0) {
        Await.pause(limit);
      }
      clients.note(openFiles(clients.server().pid()) + " files open at the end");
    }
  }

  private static long openFiles(long pid) {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
