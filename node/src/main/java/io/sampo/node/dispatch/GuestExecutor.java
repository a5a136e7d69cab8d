package io.sampo.node.dispatch;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Another's threads: the end of this executor does not end them, nor what it has given them. */
public final class GuestExecutor extends AbstractExecutorService {
  private final Executor host;
  private volatile boolean stopped;

  /**
   * @param host runs what is given to this one
   */
  public GuestExecutor(Executor host) {
    this.host = host;
  }

  @Override
  public void execute(Runnable task) {
    host.execute(task);
  }

  @Override
  public void shutdown() {
    stopped = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    stopped = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return stopped;
  }

  @Override
  public boolean isTerminated() {
    return stopped;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return stopped;
  }
}
