package io.sampo.node.boot;

import com.typesafe.config.Config;
import io.sampo.node.dispatch.GuestExecutor;
import io.sampo.node.dispatch.SelectorFields;
import io.sampo.node.dispatch.WorkerPool;
import io.sampo.protocol.nesting.NestedMessages;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.ForkJoinExecutorConfigurator;
import org.apache.pekko.dispatch.ThreadPoolConfig;
import org.apache.pekko.event.EventStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a {@link WorkerPool} the {@code executor} of a dispatcher. Its section {@code worker-pool}
 * says how many threads, in the words of Pekko's {@code fork-join-executor}. An actor system has
 * one pool: that of the dispatcher which is used first; {@link Guest} lends it to others.
 *
 * <p>With a Pekko that keeps its selector elsewhere than expected it makes a fork-join pool of the
 * same size instead, and the selector gets a thread of its own: slower, but the node runs.
 */
public final class WorkerPoolConfigurator extends ExecutorServiceConfigurator {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerPoolConfigurator.class);

  /** An actor system is known by its event stream. */
  private static final Map<EventStream, ExecutorService> POOLS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Config dispatcher;
  private final DispatcherPrerequisites prerequisites;
  private final Callable<SelectorFields> selector;

  /** As Pekko calls it for a dispatcher of this configuration. */
  public WorkerPoolConfigurator(Config dispatcher, DispatcherPrerequisites prerequisites) {
    this(dispatcher, prerequisites, SelectorFields::ofPekko);
  }

  /**
   * @param selector finds the selector's fields, or throws if they are not there
   */
  WorkerPoolConfigurator(
      Config dispatcher, DispatcherPrerequisites prerequisites, Callable<SelectorFields> selector) {
    super(dispatcher, prerequisites);
    this.dispatcher = dispatcher;
    this.prerequisites = prerequisites;
    this.selector = selector;
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    ExecutorServiceFactory factory = factory(id, threads);
    return new ExecutorServiceFactory() {
      @Override
      public ExecutorService createExecutorService() {
        ExecutorService pool = factory.createExecutorService();
        POOLS.put(prerequisites.eventStream(), pool);
        return pool;
      }
    };
  }

  private ExecutorServiceFactory factory(String id, ThreadFactory threads) {
    SelectorFields fields;
    try {
      fields = selector.call();
    } catch (Exception elsewhere) {
      LOG.atWarn()
          .addKeyValue("dispatcher", id)
          .addKeyValue("error", elsewhere.toString())
          .log("this version of Pekko keeps its selector elsewhere; it gets a thread of its own");
      return forkJoin(id, threads);
    }
    Config pool = dispatcher.getConfig("worker-pool");
    int size =
        ThreadPoolConfig.scaledPoolSize(
            pool.getInt("parallelism-min"),
            pool.getDouble("parallelism-factor"),
            pool.getInt("parallelism-max"));
    return new ExecutorServiceFactory() {
      @Override
      public ExecutorService createExecutorService() {
        return new WorkerPool(size, deep(threads), SystemSources.real().nanoTime(), fields);
      }
    };
  }

  /** The same threads with room for requests that nest deep; what is not used takes no memory. */
  private static ThreadFactory deep(ThreadFactory threads) {
    return task -> {
      Thread usual = threads.newThread(task);
      Thread deep =
          new Thread(usual.getThreadGroup(), task, usual.getName(), NestedMessages.STACK_BYTES);
      deep.setDaemon(usual.isDaemon());
      deep.setUncaughtExceptionHandler(usual.getUncaughtExceptionHandler());
      deep.setContextClassLoader(usual.getContextClassLoader());
      return deep;
    };
  }

  private ExecutorServiceFactory forkJoin(String id, ThreadFactory threads) {
    Config pool =
        dispatcher
            .getConfig("worker-pool")
            .withFallback(dispatcher.getConfig("fork-join-executor"));
    return new ForkJoinExecutorConfigurator(pool, prerequisites)
        .createExecutorServiceFactory(id, threads);
  }

  /**
   * For a dispatcher that differs in its settings and shares the threads. Its {@code throughput}
   * must be 1 if it is to serve a selector: its steps must come one by one.
   */
  public static class Guest extends ExecutorServiceConfigurator {
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
          ExecutorService pool = POOLS.get(system);
          if (pool == null) {
            throw new IllegalStateException(id + " has no worker pool to share");
          }
          return lent(pool, threads);
        }
      };
    }

    /** What this dispatcher has of the pool. */
    ExecutorService lent(ExecutorService pool, ThreadFactory threads) {
      // A selector blocks, which only a worker pool can end when there is other work.
      return pool instanceof WorkerPool workers
          ? workers.guest()
          : Executors.newCachedThreadPool(threads);
    }
  }

  /** For a dispatcher of what clients cause: see {@link WorkerPool#clients}. */
  public static final class Clients extends Guest {
    /** As Pekko calls it for a dispatcher of this configuration. */
    public Clients(Config dispatcher, DispatcherPrerequisites prerequisites) {
      super(dispatcher, prerequisites);
    }

    @Override
    ExecutorService lent(ExecutorService pool, ThreadFactory threads) {
      return pool instanceof WorkerPool workers ? workers.clients() : new GuestExecutor(pool);
    }
  }
}
