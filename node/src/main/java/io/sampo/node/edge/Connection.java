package io.sampo.node.edge;

import io.sampo.node.tls.TlsConnection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSession;
import org.apache.pekko.Done;

/** A connection that somebody opened to this node. For any thread. */
public final class Connection {
  private final SocketAddress remote;
  private final SocketAddress local;
  private volatile Optional<TlsConnection> tls;

  /** Found when somebody asks; null before. */
  private volatile Optional<String> clientName;

  private volatile boolean stillSending;

  private final CompletableFuture<Done> draining = new CompletableFuture<>();
  private final CompletableFuture<Done> broken = new CompletableFuture<>();

  /**
   * @param local where it came in
   * @param tls empty on a port without TLS, and until it begins on a port that serves both
   */
  public Connection(SocketAddress remote, SocketAddress local, Optional<TlsConnection> tls) {
    this.local = local;
    this.remote = remote;
    this.tls = tls;
  }

  public SocketAddress remote() {
    return remote;
  }

  /** Where it came in. */
  public SocketAddress local() {
    return local;
  }

  /** On a port that serves both, TLS begins. */
  void secure(TlsConnection begun) {
    tls = Optional.of(begun);
  }

  /** Empty if it came through a socket of the file system. */
  public Optional<InetSocketAddress> remoteInet() {
    return remote instanceof InetSocketAddress inet ? Optional.of(inet) : Optional.empty();
  }

  public boolean isSecure() {
    return tls.isPresent();
  }

  /** Of a connection with TLS, once its handshake is done. */
  public Optional<SSLSession> session() {
    return tls.flatMap(TlsConnection::session);
  }

  /**
   * The common name of the client's certificate, empty text if that has none; empty without one. To
   * be asked for once the handshake is done.
   */
  public Optional<String> clientName() {
    Optional<String> known = clientName;
    if (known == null) {
      known = tls.flatMap(TlsConnection::clientName);
      clientName = known;
    }
    return known;
  }

  /** Fails if the client's certificate does not fit where it comes from. */
  public CompletableFuture<Void> admitted() {
    return tls.map(TlsConnection::admitted)
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** Whether its certificate was found not to fit; that is in the log. */
  public boolean isRefused() {
    return admitted().isCompletedExceptionally();
  }

  /** What was agreed by ALPN; empty if nothing was. */
  public String applicationProtocol() {
    return tls.map(TlsConnection::applicationProtocol).orElse("");
  }

  /**
   * All is said on it though its client may still be sending: what comes is read for a while before
   * the socket is closed. Bytes that nobody reads would make the system break what is not
   * delivered.
   */
  public void endsWhileClientSends() {
    stillSending = true;
  }

  boolean isStillSending() {
    return stillSending;
  }

  /**
   * The node stops: what is under way on the connection may end, nothing new may begin.
   *
   * @param action run at once if the node stops already
   */
  public void onDrain(Runnable action) {
    draining.thenRun(action);
  }

  void onBreak(Runnable action) {
    broken.thenRun(action);
  }

  void drain() {
    draining.complete(Done.getInstance());
  }

  void breakOff() {
    broken.complete(Done.getInstance());
  }
}
