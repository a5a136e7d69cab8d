package io.sampo.node.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.boot.PekkoSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pekko's TCP on the node's own dispatcher, whose threads wait for the network. */
class NetworkTest {
  private static final int PATIENCE_SECONDS = 30;

  private final Config config =
      ConfigFactory.parseString("pekko.actor.default-dispatcher.worker-pool.parallelism-max = 2")
          .withFallback(PekkoSettings.load())
          .resolve();
  private final ActorSystem system = ActorSystem.create("network-test", config);
  private int port;

  @AfterEach
  void noThreadIsLeft() throws InterruptedException {
    TestKit.shutdownActorSystem(system);
    for (Thread thread : threads()) {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertFalse(thread.isAlive(), thread.getName());
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("network-test"))
        .toList();
  }

  private void serve() {
    var binding =
        Tcp.get(system)
            .bind(InetAddress.getLoopbackAddress().getHostAddress(), 0)
            .to(
                Sink.foreach(
                    connection -> connection.handleWith(Flow.<ByteString>create(), system)))
            .run(system)
            .toCompletableFuture()
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .join();
    port = binding.localAddress().getPort();
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static void echo(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    assertEquals(value, socket.getInputStream().read());
  }

  @Test
  void connectionsAreServedByTheWorkersAlone() throws IOException {
    serve();
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      sockets.add(dial());
    }
    for (int round = 0; round < 100; round++) {
      for (Socket socket : sockets) {
        echo(socket, round);
      }
    }
    for (Socket socket : sockets) {
      socket.close();
    }
    List<String> others =
        threads().stream().map(Thread::getName).filter(name -> name.contains("pinned")).toList();
    assertEquals(List.of(), others);
  }

  /** One of two threads is taken; the other must wait for the network from then on. */
  @Test
  void aTaskThatTakesLongKeepsNobodyFromTheNetwork() throws Exception {
    serve();
    try (Socket socket = dial()) {
      for (int i = 0; i < 20; i++) {
        CountDownLatch begun = new CountDownLatch(1);
        Semaphore end = new Semaphore(0);
        system
            .dispatcher()
            .execute(
                () -> {
                  begun.countDown();
                  end.acquireUninterruptibly();
                });
        assertTrue(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        echo(socket, i);
        echo(socket, i + 1);
        end.release();
      }
    }
  }
}
