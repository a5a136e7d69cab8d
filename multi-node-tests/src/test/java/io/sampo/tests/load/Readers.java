package io.sampo.tests.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clients with a connection each that read everything, and when they have it, again; all on one
 * thread of its own. They keep nothing of what they read.
 */
public final class Readers implements AutoCloseable {

  /**
   * What was read so far.
   *
   * @param cpuSeconds of the readers' thread
   */
  public record Progress(long bytes, long reads, long errors, double cpuSeconds) {}

  /** After a failure the next call waits so long, in milliseconds. */
  private static final long PAUSE_MILLIS = 100;

  private final Reads reads;
  private final long watchEvents;
  private final Selector selector;
  private final List<Reader> readers = new ArrayList<>();
  private final Map<String, Integer> errorTexts = new TreeMap<>();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "readers");
  private volatile boolean closed;
  private volatile Progress progress = new Progress(0, 0, 0, 0);
  private long bytes;
  private long ended;
  private long errors;

  /**
   * Opens the connections and begins.
   *
   * @param watchEvents a watch has seen everything after so many events
   */
  public Readers(int port, int clients, Reads reads, long watchEvents) throws IOException {
    this.reads = reads;
    this.watchEvents = watchEvents;
    selector = Selector.open();
    for (int client = 0; client < clients && reads != Reads.NONE; client++) {
      readers.add(new Reader(new DrainingConnection(port, selector), client));
    }
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * What was read so far.
   *
   * @throws LoadFailure if a connection has failed
   */
  public Progress progress() {
    if (failure.get() != null) {
      throw failure.get();
    }
    return progress;
  }

  /** How often each error was answered; to be asked after {@link #close}. */
  public Map<String, Integer> errors() {
    return errorTexts;
  }

  private void run() {
    try {
      for (Reader reader : readers) {
        reader.begin();
        reader.connection.flush();
      }
      while (!closed) {
        turn();
      }
      for (Reader reader : readers) {
        reader.connection.close();
      }
      selector.close();
    } catch (IOException e) {
      failure.set(new UncheckedIOException(e));
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  private void turn() throws IOException {
    selector.select(PAUSE_MILLIS / 2);
    for (SelectionKey key : selector.selectedKeys()) {
      DrainingConnection connection = (DrainingConnection) key.attachment();
      if (key.isReadable()) {
        connection.read();
      }
      connection.flush();
    }
    selector.selectedKeys().clear();
    long now = System.nanoTime();
    for (Reader reader : readers) {
      reader.beginAgain(now);
    }
    progress = new Progress(bytes, ended, errors, ThreadTime.seconds());
  }

  /** Ends the calls and the thread. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Reader implements DrainingConnection.Answer {
    private final DrainingConnection connection;
    private int turn;
    private long pausedUntilNanos;
    private WatchEvents events = new WatchEvents();

    Reader(DrainingConnection connection, int turn) {
      this.connection = connection;
      this.turn = turn;
    }

    void begin() {
      Reads.Request request = reads.request(turn++);
      events = new WatchEvents();
      connection.call(
          connection.headers(request.path(), reads.headers()),
          request.framed(),
          reads != Reads.LAGGING_WATCHERS,
          this);
    }

    void beginAgain(long now) throws IOException {
      if (connection.open() == 0 && now >= pausedUntilNanos) {
        begin();
        connection.flush();
      }
    }

    @Override
    public void onBytes(ByteBuffer part) {
      bytes += part.remaining();
      if (reads == Reads.LAGGING_WATCHERS) {
        events.on(part);
        if (events.count() >= watchEvents) {
          ended++;
          connection.cancelAll();
        }
      }
    }

    @Override
    public void onEnd(StreamEnd end) {
      if (end.good()) {
        ended++;
      } else {
        errors++;
        errorTexts.merge(end.error(), 1, Integer::sum);
        pausedUntilNanos = System.nanoTime() + PAUSE_MILLIS * 1_000_000;
      }
    }
  }
}
