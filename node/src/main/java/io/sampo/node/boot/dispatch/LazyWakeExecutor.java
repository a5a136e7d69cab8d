package io.sampo.node.boot.dispatch;

import com.typesafe.config.Config;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.MonitorableThreadFactory;
import org.apache.pekko.dispatch.ThreadPoolConfig;

/**
 * A {@link LazyWakePool} for a dispatcher whose {@code executor} names this class. Its section
 * {@code lazy-wake} has the keys of Pekko's {@code fork-join-executor} for the number of threads.
 */
public final class LazyWakeExecutor extends ExecutorServiceConfigurator {
  private final int threads;

  /** Called by Pekko with the dispatcher's settings. */
  public LazyWakeExecutor(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
    Config own = config.getConfig("lazy-wake");
    threads =
        ThreadPoolConfig.scaledPoolSize(
            own.getInt("parallelism-min"),
            own.getDouble("parallelism-factor"),
            own.getInt("parallelism-max"));
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory factory) {
    ThreadFactory named =
        factory instanceof MonitorableThreadFactory monitorable
            ? monitorable.withName(monitorable.name() + "-" + id)
            : factory;
    return new ExecutorServiceFactory() {
      @Override
      public ExecutorService createExecutorService() {
        return new LazyWakePool(threads, named);
      }
    };
  }
}
