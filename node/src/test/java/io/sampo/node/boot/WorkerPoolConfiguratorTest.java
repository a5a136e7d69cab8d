package io.sampo.node.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.dispatch.SelectorFields;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WorkerPoolConfiguratorTest {
  private static final int PATIENCE_SECONDS = 30;
  private static final String NAME = "without-selector";

  /** Meets a Pekko whose selector's registry has none of the fields. */
  public static final class OtherPekko extends ExecutorServiceConfigurator {
    private final WorkerPoolConfigurator configurator;

    /** As Pekko calls it for a dispatcher of this configuration. */
    public OtherPekko(Config dispatcher, DispatcherPrerequisites prerequisites) {
      super(dispatcher, prerequisites);
      configurator =
          new WorkerPoolConfigurator(
              dispatcher, prerequisites, () -> SelectorFields.of(Object.class));
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
      return configurator.createExecutorServiceFactory(id, threads);
    }
  }

  private final Logger logger = (Logger) LoggerFactory.getLogger(WorkerPoolConfigurator.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
  }

  @Test
  void withoutTheSelectorsFieldsTheNetworkIsServedAllTheSameAndOneLineSaysSo() throws Exception {
    Config config =
        ConfigFactory.parseString(
                "pekko.actor.default-dispatcher { worker-pool.parallelism-max = 2, executor = \""
                    + OtherPekko.class.getName()
                    + "\" }")
            .withFallback(PekkoSettings.load())
            .resolve();
    ActorSystem system = ActorSystem.create(NAME, config);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), serve(system))) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      for (int value = 0; value < 100; value++) {
        socket.getOutputStream().write(value);
        assertEquals(value, socket.getInputStream().read());
      }
    } finally {
      TestKit.shutdownActorSystem(system);
    }
    assertEquals(List.of(Level.WARN), lines.list.stream().map(ILoggingEvent::getLevel).toList());
    for (Thread thread : threads()) {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertFalse(thread.isAlive(), thread.getName());
    }
  }

  private static int serve(ActorSystem system) {
    return Tcp.get(system)
        .bind(InetAddress.getLoopbackAddress().getHostAddress(), 0)
        .to(Sink.foreach(connection -> connection.handleWith(Flow.<ByteString>create(), system)))
        .run(system)
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join()
        .localAddress()
        .getPort();
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(NAME))
        .toList();
  }
}
