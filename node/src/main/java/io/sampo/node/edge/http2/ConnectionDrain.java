package io.sampo.node.edge.http2;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of a listener, to be ended together: first their clients are asked to go, then
 * those that are left are cut off. May be used on any thread.
 */
public final class ConnectionDrain {

  /** One connection. */
  interface Connection {
    /** No more streams; what is under way is finished, then it closes. */
    void drain();

    /** It closes now. */
    void kill();
  }

  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean draining;

  /** How many connections are open. */
  public int size() {
    return open.size();
  }

  /**
   * Asks all clients to go. To be called once no connection is accepted any more; one that comes
   * nevertheless is asked to go as well.
   *
   * @return done when all have gone
   */
  public CompletionStage<Void> drain() {
    draining = true;
    open.forEach(Connection::drain);
    endIfEmpty();
    return ended;
  }

  /** Cuts off those that are left. */
  public void kill() {
    open.forEach(Connection::kill);
  }

  void add(Connection connection) {
    open.add(connection);
    if (draining) {
      connection.drain();
    }
  }

  void remove(Connection connection) {
    open.remove(connection);
    endIfEmpty();
  }

  private void endIfEmpty() {
    if (draining && open.isEmpty()) {
      ended.complete(null);
    }
  }
}
