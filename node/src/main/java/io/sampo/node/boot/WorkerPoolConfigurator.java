package io.sampo.node.boot;

import com.typesafe.config.Config;
import io.sampo.node.dispatch.WorkerPool;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.ThreadPoolConfig;
import org.apache.pekko.event.EventStream;

/**
 * Makes a {@link WorkerPool} the {@code executor} of a dispatcher. Its section {@code worker-pool}
 * says how many threads, in the words of Pekko's {@code fork-join-executor}. An actor system has
 * one pool: that of the dispatcher which is used first; {@link Guest} lends it to others.
 */
public final class WorkerPoolConfigurator extends ExecutorServiceConfigurator {
  /** An actor system is known by its event stream. */
  private static final Map<EventStream, WorkerPool> POOLS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final EventStream system;
  private final int size;

  /** As Pekko calls it for a dispatcher of this configuration. */
  public WorkerPoolConfigurator(Config dispatcher, DispatcherPrerequisites prerequisites) {
    super(dispatcher, prerequisites);
    this.system = prerequisites.eventStream();
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
        WorkerPool pool = new WorkerPool(size, threads, SystemSources.real().nanoTime());
        POOLS.put(system, pool);
        return pool;
      }
    };
  }

  /**
   * For a dispatcher that differs in its settings and shares the threads. Its {@code throughput}
   * must be 1 if it is to serve a selector: its steps must come one by one.
   */
  public static final class Guest extends ExecutorServiceConfigurator {
    private final EventStream system;

    /** As Pekko calls it for a dispatcher of this configuration. */
    public Guest(Config dispatcher, DispatcherPrerequisites prerequisites) {
      super(dispatcher, prerequisites);
      this.system = prerequisites.eventStream();
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
      return new ExecutorServiceFactory() {
        @Override
        public ExecutorService createExecutorService() {
          WorkerPool pool = POOLS.get(system);
          if (pool == null) {
            throw new IllegalStateException(id + " has no worker pool to share");
          }
          return pool.guest();
        }
      };
    }
  }
}
