package io.sampo.tests.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Closed-loop clients: each sends its next request when the one before is answered. All of them
 * live on the calling thread.
 */
public final class LoadRun implements AutoCloseable {

  /** What a client does that is refused because the server has too many requests. */
  public enum Refusals {
    FAIL,
    /** It asks again after {@link #PAUSE_NANOS}. */
    PAUSE
  }

  private static final long PAUSE_NANOS = 100_000_000L;
  private static final int LONGEST_SELECT_MILLIS = 1_000;

  private static final long STALL_NANOS = 30_000_000_000L;

  private final Selector selector;
  private final List<LoadConnection> connections = new ArrayList<>();
  private final int clients;
  private final Refusals refusals;
  private final ArrayDeque<Paused> paused = new ArrayDeque<>();
  private long refused;
  private long[] latencies = new long[1 << 16];
  private int answers;
  private int toSend;
  private long nowNanos;
  private long lastActivityNanos;
  private long deadlineNanos;

  private record Paused(LoadConnection connection, long untilNanos) {}

  /** Opens the connections to servers on the loopback address, the ports in turns. */
  public LoadRun(List<Integer> ports, int clients, int connectionCount, RequestSource requests)
      throws IOException {
    this(ports, clients, connectionCount, requests, Refusals.FAIL);
  }

  /** The same, with clients that may be refused. */
  public LoadRun(
      List<Integer> ports,
      int clients,
      int connectionCount,
      RequestSource requests,
      Refusals refusals)
      throws IOException {
    this.clients = clients;
    this.refusals = refusals;
    selector = Selector.open();
    for (int i = 0; i < Math.min(connectionCount, clients); i++) {
      int port = ports.get(i % ports.size());
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      connections.add(new LoadConnection(address, selector, requests, new Answers()));
    }
  }

  /** Runs for that long; calls still open at the end are waited for and not counted. */
  public LoadResult runFor(double seconds) throws IOException {
    return run(Integer.MAX_VALUE, (long) (seconds * 1e9));
  }

  /** Sends exactly so many requests and waits for every answer. */
  public LoadResult runCount(int requests) throws IOException {
    return run(requests, Long.MAX_VALUE / 4);
  }

  private LoadResult run(int requests, long limitNanos) throws IOException {
    answers = 0;
    refused = 0;
    toSend = requests;
    long begin = System.nanoTime();
    nowNanos = begin;
    lastActivityNanos = begin;
    deadlineNanos = begin + limitNanos;
    for (int client = 0; client < clients && toSend > 0; client++) {
      toSend--;
      connections.get(client % connections.size()).send(begin);
    }
    flushAll();
    while (nowNanos < deadlineNanos && (toSend > 0 || open() > 0)) {
      turn();
    }
    LoadResult result = new LoadResult((nowNanos - begin) / 1e9, latencies, answers, refused);
    toSend = 0;
    paused.clear();
    while (open() > 0) {
      turn();
    }
    return result;
  }

  private void turn() throws IOException {
    selector.select(paused.isEmpty() ? LONGEST_SELECT_MILLIS : 1);
    nowNanos = System.nanoTime();
    resume();
    if (!selector.selectedKeys().isEmpty()) {
      lastActivityNanos = nowNanos;
    } else if (nowNanos - lastActivityNanos > STALL_NANOS) {
      throw new LoadFailure("no answer for 30 s");
    }
    for (SelectionKey key : selector.selectedKeys()) {
      LoadConnection connection = (LoadConnection) key.attachment();
      if (key.isReadable()) {
        connection.read();
      }
      connection.flush();
    }
    selector.selectedKeys().clear();
  }

  private final class Answers implements LoadConnection.Answered {
    @Override
    public void onAnswer(LoadConnection connection, LoadConnection.Call call) {
      if (answers == latencies.length) {
        latencies = Arrays.copyOf(latencies, answers * 2);
      }
      latencies[answers++] = nowNanos - call.startNanos;
      sendNext(connection);
    }

    @Override
    public void onRefused(LoadConnection connection) {
      if (refusals == Refusals.FAIL) {
        throw new LoadFailure("the server has too many requests");
      }
      refused++;
      paused.add(new Paused(connection, nowNanos + PAUSE_NANOS));
    }
  }

  private void sendNext(LoadConnection connection) {
    if (toSend > 0 && nowNanos < deadlineNanos) {
      toSend--;
      connection.send(nowNanos);
    }
  }

  private void resume() throws IOException {
    while (!paused.isEmpty() && paused.peek().untilNanos <= nowNanos) {
      LoadConnection connection = paused.poll().connection;
      sendNext(connection);
      connection.flush();
    }
  }

  private int open() {
    int open = 0;
    for (LoadConnection connection : connections) {
      open += connection.open();
    }
    return open;
  }

  private void flushAll() throws IOException {
    for (LoadConnection connection : connections) {
      connection.flush();
    }
  }

  @Override
  public void close() throws IOException {
    for (LoadConnection connection : connections) {
      connection.close();
    }
    selector.close();
  }
}
