package io.sampo.tests.faults.network;

import io.sampo.tests.faults.network.SocketOwners.Ports;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * A proxy before the peer port of every member. Each member has one proxy, whose URL it advertises;
 * who dials is found out by {@link SocketOwners}, so that every pair has two links of its own. One
 * thread moves all bytes.
 */
public final class FaultyNetwork implements AutoCloseable {
  private static final long NANOS_PER_MILLI = 1_000_000L;
  private static final long LONGEST_SLEEP_MILLIS = 1_000;

  private record Pair(int from, int to) {}

  private record Proxy(int member, int targetPort) {}

  /** Somebody has dialled, and it is not known yet who. */
  private record Caller(SocketChannel channel, Ports ports, Proxy proxy) {}

  private final Selector selector;
  private final Map<Integer, LongSupplier> pids = new ConcurrentHashMap<>();
  private final Map<Pair, Link> links = new HashMap<>();
  private final List<ProxiedConnection> connections = new ArrayList<>();
  private final List<ServerSocketChannel> listeners = new ArrayList<>();
  private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();
  private final Queue<Caller> callers = new ConcurrentLinkedQueue<>();
  private final ExecutorService detective =
      Executors.newSingleThreadExecutor(task -> daemon(task, "socket owners"));
  private final Thread mover = daemon(this::run, "faulty network");
  private volatile boolean closed;

  public FaultyNetwork() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mover.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Opens a proxy before a member.
   *
   * @param port where it is to listen
   * @param pid of the member's process at the moment
   */
  public void add(int member, int port, int targetPort, LongSupplier pid) {
    pids.put(member, pid);
    try {
      ServerSocketChannel listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      listener.configureBlocking(false);
      change(
          () -> {
            listeners.add(listener);
            register(listener, new Proxy(member, targetPort));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void register(ServerSocketChannel listener, Proxy proxy) {
    try {
      listener.register(selector, SelectionKey.OP_ACCEPT, proxy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What becomes of the bytes from one member to another from now on. */
  public void set(int from, int to, LinkState state) {
    change(() -> link(from, to).become(state));
  }

  /** Resets every connection that stands between two members. */
  public void reset(int one, int other) {
    change(
        () -> {
          Link link = link(one, other);
          connections.stream().filter(each -> each.uses(link)).forEach(ProxiedConnection::reset);
        });
  }

  /** Opens all links; what was held goes on its way. */
  public void heal() {
    change(() -> links.values().forEach(link -> link.become(LinkState.OPEN)));
  }

  private void change(Runnable change) {
    changes.add(change);
    selector.wakeup();
  }

  private Link link(int from, int to) {
    return links.computeIfAbsent(new Pair(from, to), pair -> new Link());
  }

  // ---- the mover ----

  private void run() {
    try {
      while (!closed) {
        selector.select(sleepMillis());
        for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
          change.run();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid() && key.attachment() instanceof Proxy proxy && key.isAcceptable()) {
            accept((ServerSocketChannel) key.channel(), proxy);
          }
        }
        long now = System.nanoTime();
        connections.removeIf(connection -> !connection.advance(now));
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      connections.forEach(ProxiedConnection::close);
      listeners.forEach(FaultyNetwork::shut);
      shut(selector);
    }
  }

  private long sleepMillis() {
    long now = System.nanoTime();
    long due = Long.MAX_VALUE;
    for (ProxiedConnection connection : connections) {
      due = Math.min(due, connection.dueNanos());
    }
    if (due == Long.MAX_VALUE) {
      return LONGEST_SLEEP_MILLIS;
    }
    return Math.max(1, Math.min(LONGEST_SLEEP_MILLIS, (due - now) / NANOS_PER_MILLI + 1));
  }

  private void accept(ServerSocketChannel listening, Proxy proxy) throws IOException {
    SocketChannel dialler = listening.accept();
    if (dialler == null) {
      return;
    }
    dialler.configureBlocking(false);
    int from = ((InetSocketAddress) dialler.getRemoteAddress()).getPort();
    int to = ((InetSocketAddress) dialler.getLocalAddress()).getPort();
    callers.add(new Caller(dialler, new Ports(from, to), proxy));
    detective.execute(this::identify);
  }

  /** All who wait by then, so that nobody waits for more than two looks. */
  private void identify() {
    List<Caller> waiting = new ArrayList<>();
    for (Caller caller = callers.poll(); caller != null; caller = callers.poll()) {
      waiting.add(caller);
    }
    if (waiting.isEmpty()) {
      return;
    }
    Map<Ports, Integer> owners =
        SocketOwners.find(
            waiting.stream().map(Caller::ports).collect(Collectors.toSet()), currentPids());
    change(
        () ->
            waiting.forEach(
                caller ->
                    connect(
                        caller.channel(),
                        Optional.ofNullable(owners.get(caller.ports())),
                        caller.proxy())));
  }

  private Map<Integer, Long> currentPids() {
    Map<Integer, Long> current = new TreeMap<>();
    pids.forEach((member, pid) -> current.put(member, pid.getAsLong()));
    return current;
  }

  private void connect(SocketChannel dialler, Optional<Integer> owner, Proxy proxy) {
    if (owner.isEmpty()) {
      shut(dialler);
      return;
    }
    Link there = link(owner.get(), proxy.member());
    Link back = link(proxy.member(), owner.get());
    try {
      connections.add(new ProxiedConnection(selector, dialler, proxy.targetPort(), there, back));
    } catch (IOException gone) {
      shut(dialler);
    }
  }

  static void shut(Closeable channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    detective.shutdownNow();
    try {
      mover.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
