package io.sampo.tests.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * One client whose requests are due at a fixed pace, whether those before them are answered or not.
 * An answer's latency counts from the moment its request was due, so that a server that stands
 * still is charged with every request it delayed. All on the calling thread.
 */
public final class PacedPuts {

  /**
   * What became of the counted requests.
   *
   * @param latencies of all of them, also of those that failed
   * @param errors one text for each that failed
   */
  public record Result(LoadResult latencies, List<String> errors) {}

  private static final long MILLI = 1_000_000;
  private static final long STALL_NANOS = 60_000 * MILLI;

  private final RequestSource requests;
  private final long periodNanos;
  private final List<String> errors = new ArrayList<>();
  private long[] latencies = new long[1 << 12];
  private int answers;
  private long nowNanos;

  /** Requests of one frame each. */
  public PacedPuts(RequestSource requests, double periodMillis) {
    this.requests = requests;
    this.periodNanos = (long) (periodMillis * MILLI);
  }

  /**
   * Sends requests to the server at that port.
   *
   * @param warmupSeconds at the begin, in which what is due is not counted
   * @param onCounted called when the counted time begins
   * @param onDue called when the last request was due; the answers that are open are waited for
   */
  public Result run(
      int port, double warmupSeconds, double seconds, Runnable onCounted, Runnable onDue)
      throws IOException {
    try (Selector selector = Selector.open()) {
      DrainingConnection connection = new DrainingConnection(port, selector);
      try {
        long begin = System.nanoTime();
        long counted = begin + (long) (warmupSeconds * 1e9);
        long end = counted + (long) (seconds * 1e9);
        sendUntil(counted, begin, Long.MAX_VALUE, selector, connection);
        onCounted.run();
        sendUntil(end, counted, counted, selector, connection);
        onDue.run();
        awaitAll(end + STALL_NANOS, selector, connection);
        return new Result(new LoadResult(seconds, latencies, answers, 0), errors);
      } finally {
        connection.close();
      }
    }
  }

  private void sendUntil(
      long end, long firstDue, long countedFrom, Selector selector, DrainingConnection connection)
      throws IOException {
    byte[] headers = connection.headers(requests.path(), Map.of());
    for (long due = firstDue; due < end; due += periodNanos) {
      awaitUntil(due, selector, connection);
      byte[] message = new byte[requests.messageBytes()];
      requests.next(ByteBuffer.wrap(message));
      connection.call(headers, message, true, new Put(due, due >= countedFrom));
      connection.flush();
    }
  }

  /** The selector's time limit is in milliseconds; the rest is slept. */
  private void awaitUntil(long due, Selector selector, DrainingConnection connection)
      throws IOException {
    for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
      if (rest > MILLI) {
        turn(rest / MILLI, selector, connection);
      } else {
        LockSupport.parkNanos(rest);
      }
    }
    turn(0, selector, connection);
  }

  private void awaitAll(long limit, Selector selector, DrainingConnection connection)
      throws IOException {
    while (connection.open() > 0) {
      turn(100, selector, connection);
      if (System.nanoTime() > limit) {
        throw new LoadFailure(connection.open() + " puts were not answered");
      }
    }
  }

  private void turn(long limitMillis, Selector selector, DrainingConnection connection)
      throws IOException {
    int ready = limitMillis == 0 ? selector.selectNow() : selector.select(limitMillis);
    nowNanos = System.nanoTime();
    if (ready == 0) {
      return;
    }
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isReadable()) {
        connection.read();
      }
    }
    selector.selectedKeys().clear();
    connection.flush();
  }

  private final class Put implements DrainingConnection.Answer {
    private final long due;
    private final boolean counted;

    Put(long due, boolean counted) {
      this.due = due;
      this.counted = counted;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {}

    @Override
    public void onEnd(StreamEnd end) {
      if (!counted) {
        return;
      }
      if (answers == latencies.length) {
        latencies = java.util.Arrays.copyOf(latencies, answers * 2);
      }
      latencies[answers++] = nowNanos - due;
      if (!end.good()) {
        errors.add(end.error());
      }
    }
  }
}
