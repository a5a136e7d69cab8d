package io.sampo.node.tls;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One accepted connection: its engine, what its certificate comes to, and the line in the log if it
 * is refused. For the threads of its stream, one after the other.
 */
public final class TlsConnection {
  private static final Logger LOG = LoggerFactory.getLogger(TlsConnection.class);

  private final TlsContext context;
  private final SocketAddress local;
  private final SocketAddress remote;
  private final List<String> protocols;
  private final String rejected;
  private final Executor blocking;
  private volatile Optional<SSLSession> session = Optional.empty();
  private volatile Supplier<String> applicationProtocol = () -> "";

  /** Replaced when the session stands; no request comes before that. */
  private volatile CompletableFuture<Void> admitted =
      CompletableFuture.failedFuture(new RefusedException("no session"));

  /**
   * @param protocols that are offered (ALPN), the best first
   * @param rejected the text of the line when it is refused
   * @param blocking where DNS is asked, if a certificate makes that necessary
   */
  public TlsConnection(
      TlsContext context,
      SocketAddress local,
      SocketAddress remote,
      List<String> protocols,
      String rejected,
      Executor blocking) {
    this.context = context;
    this.local = local;
    this.remote = remote;
    this.protocols = List.copyOf(protocols);
    this.rejected = rejected;
    this.blocking = blocking;
  }

  /** A certificate that does not fit where it comes from. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /** The engine of this connection; call once. */
  public SSLEngine engine() {
    SSLEngine engine = context.serverEngine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    engine.setSSLParameters(parameters);
    applicationProtocol = engine::getApplicationProtocol;
    return engine;
  }

  /** The protocol that both sides agreed upon; empty without one, or before the handshake. */
  public String applicationProtocol() {
    String agreed = applicationProtocol.get();
    return agreed == null ? "" : agreed;
  }

  /** What both sides agreed upon, once they did. */
  public Optional<SSLSession> session() {
    return session;
  }

  /** The handshake is done. */
  public void onSession(SSLSession established) {
    session = Optional.of(established);
    Optional<X509Certificate> certificate = certificate();
    if (certificate.isEmpty() || context.settings().skipClientSanVerification()) {
      admitted = CompletableFuture.completedFuture(null);
    } else if (!(remote instanceof InetSocketAddress source)) {
      admitted = answer(SourceCheck.refusalWithoutAddress(certificate.get()));
    } else if (SourceCheck.needsLookup(certificate.get(), source.getAddress())) {
      admitted =
          CompletableFuture.supplyAsync(
                  () -> SourceCheck.refusal(certificate.get(), source.getAddress()), blocking)
              .thenCompose(this::answer);
    } else {
      admitted = answer(SourceCheck.refusal(certificate.get(), source.getAddress()));
    }
  }

  private CompletableFuture<Void> answer(Optional<String> refusal) {
    if (refusal.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    log(Level.WARN, refusal.get());
    return CompletableFuture.failedFuture(new RefusedException(refusal.get()));
  }

  /** Whether its requests may be answered; fails, with a line in the log, if not. */
  public CompletableFuture<Void> admitted() {
    return admitted;
  }

  /** The connection ended; a failure before its session stood is a refused handshake. */
  public void onEnd(Optional<Throwable> failure) {
    if (session.isEmpty()) {
      boolean refused = failure.filter(SSLException.class::isInstance).isPresent();
      log(refused ? Level.WARN : Level.DEBUG, failure.map(TlsFailures::describe).orElse("EOF"));
    }
  }

  /** The handshake took too long. */
  public void onLate() {
    log(
        Level.WARN,
        "read tcp %s->%s: i/o timeout".formatted(AddressText.of(local), AddressText.of(remote)));
  }

  private Optional<X509Certificate> certificate() {
    try {
      return session.isPresent()
          ? Optional.of((X509Certificate) session.get().getPeerCertificates()[0])
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private void log(Level level, String error) {
    LoggingEventBuilder line =
        LOG.atLevel(level)
            .addKeyValue("remote-addr", AddressText.of(remote))
            .addKeyValue("server-name", serverName());
    certificate()
        .map(CertificateNames::of)
        .ifPresent(
            names ->
                line.addKeyValue("ip-addresses", names.literals())
                    .addKeyValue("dns-names", names.dnsNames()));
    line.addKeyValue("error", error).log(rejected);
  }

  private String serverName() {
    if (session.isPresent() && session.get() instanceof ExtendedSSLSession extended) {
      List<SNIServerName> names = extended.getRequestedServerNames();
      return names.isEmpty()
          ? ""
          : new String(names.get(0).getEncoded(), StandardCharsets.US_ASCII);
    }
    return "";
  }
}
