package io.sampo.node.boot;

import com.typesafe.config.Config;
import io.sampo.node.dispatch.WorkerPool;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.ThreadPoolConfig;

/**
 * Makes a {@link WorkerPool} the {@code executor} of a dispatcher. Its section {@code worker-pool}
 * says how many threads, in the words of Pekko's {@code fork-join-executor}. The dispatcher's
 * {@code throughput} must be 1.
 */
public final class WorkerPoolConfigurator extends ExecutorServiceConfigurator {
  private final int size;

  /** As Pekko calls it for a dispatcher of this configuration. */
  public WorkerPoolConfigurator(Config dispatcher, DispatcherPrerequisites prerequisites) {
    super(dispatcher, prerequisites);
    if (dispatcher.getInt("throughput") != 1) {
      throw new IllegalArgumentException("a worker pool needs a throughput of 1");
    }
    Config pool = dispatcher.getConfig("worker-pool");
    this.size =
        ThreadPoolConfig.scaledPoolSize(
            pool.getInt("parallelism-min"),
            pool.getDouble("parallelism-factor"),
            pool.getInt("parallelism-max"));
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    return new ExecutorServiceFactory() {
      @Override
      public ExecutorService createExecutorService() {
        return new WorkerPool(size, threads, SystemSources.real().nanoTime());
      }
    };
  }
}
