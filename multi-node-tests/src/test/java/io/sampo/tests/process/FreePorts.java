package io.sampo.tests.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Loopback ports nobody listens on. They are drawn from 900 ports at {@code sampo.test.ports}
 * (21000, below what Linux gives to connections that leave, 32768 and up), each JVM beginning
 * somewhere else, so that runs side by side rarely meet.
 */
public final class FreePorts {

  private static final int BASE = Integer.getInteger("sampo.test.ports", 21_000);
  private static final int SPAN = 900;
  private static int next = (int) (ProcessHandle.current().pid() * 61 % SPAN);

  private FreePorts() {}

  /**
   * A port that could be bound a moment ago and was not given out before by this JVM's last turn.
   */
  public static synchronized int take() {
    for (int attempt = 0; attempt < SPAN; attempt++) {
      next = (next + 1) % SPAN;
      if (isFree(BASE + next)) {
        return BASE + next;
      }
    }
    throw new IllegalStateException("no free port in " + BASE + ".." + (BASE + SPAN));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
