package io.sampo.persistence.log;

import com.typesafe.config.Config;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A log without a node, for what has to be done to it before there is one: opened, read or written,
 * and closed again, each call waiting until it is durable. For one thread.
 */
public final class LogSession implements AutoCloseable {
  private final ActorSystem<Object> system;
  private final BlockingQueue<Object> replies = new LinkedBlockingQueue<>();
  private final LogSettings settings;
  private LogState recovered;

  private LogSession(String logName, LogSettings settings, Config config) {
    this.settings = settings;
    this.system = ActorSystem.create(guardian(logName), "sampo-log", config);
  }

  /**
   * Opens a log and waits for its recovery.
   *
   * @param logName the same as the node's
   * @param config with a journal in it
   * @throws JournalUnusableException if the log cannot be read, in one line
   */
  public static LogSession open(String logName, LogSettings settings, Config config)
      throws InterruptedException {
    LogSession session = new LogSession(logName, settings, config);
    try {
      session.recovered = session.next(LogReply.Recovered.class).state();
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** What the log held when it was opened. */
  public LogState recovered() {
    return recovered;
  }

  /**
   * Writes as one event and waits until it is durable.
   *
   * @param hardState null if unchanged
   * @throws JournalUnusableException if that fails
   */
  public void persist(HardState hardState, List<Entry> entries) throws InterruptedException {
    system.tell(new LogCommand.Persist(hardState, entries, List.of()));
    next(LogReply.Flushed.class);
  }

  /** Lets the log begin after an entry that a snapshot includes. */
  public void startAfter(long index, long term, ConfState membership) throws InterruptedException {
    system.tell(new LogCommand.InstallSnapshot(index, term, membership, List.of()));
    next(LogReply.Flushed.class);
  }

  /** Waits until the journal's files are closed. */
  @Override
  public void close() {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new JournalUnusableException("the journal does not close", e);
    }
  }

  private <T> T next(Class<T> expected) throws InterruptedException {
    Object reply = replies.take();
    if (reply instanceof Throwable failure) {
      throw new JournalUnusableException(LogActor.describe(failure, settings), failure);
    }
    return expected.cast(reply);
  }

  private Behavior<Object> guardian(String logName) {
    return Behaviors.setup(
        context -> {
          var log =
              context.spawn(LogActor.create(logName, context.getSelf().narrow(), settings), "log");
          context.watch(log);
          return Behaviors.receive(Object.class)
              .onMessage(
                  LogCommand.class,
                  command -> {
                    log.tell(command);
                    return Behaviors.same();
                  })
              .onMessage(
                  LogReply.class,
                  reply -> {
                    replies.add(reply);
                    return Behaviors.same();
                  })
              .onSignal(
                  ChildFailed.class,
                  failed -> {
                    replies.add(failed.getCause());
                    return Behaviors.same();
                  })
              .build();
        });
  }
}
