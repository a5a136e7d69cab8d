package io.sampo.node.tls;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an engine for each connection of one group of flags, with the files as they are at that
 * moment. No connection resumes another's session, so every certificate is judged every time. For
 * any thread.
 */
public final class TlsContext {
  private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);

  private final TlsSettings settings;
  private final Optional<Trust> trust;
  private final Optional<X509ExtendedTrustManager> serverTrust;
  private final KeyPairFiles serverFiles;
  private final KeyPairFiles clientFiles;
  private final String[] protocols;
  private final Optional<String[]> cipherSuites;
  private final Optional<String> serverName;

  private TlsContext(TlsSettings settings, Optional<String> serverName) throws TlsException {
    this.serverName = serverName;
    TlsSettings.Files files = settings.files();
    this.settings = settings;
    // Reading the platform's authorities takes a while; who believes anybody needs none.
    this.trust = settings.selfSigned() ? Optional.empty() : Optional.of(Trust.load(settings));
    this.serverTrust = trust.map(found -> new ServerTrust(found, new Revocations(files.crl())));
    this.serverFiles = new KeyPairFiles(files.cert(), files.key());
    this.clientFiles =
        files.clientCert().isEmpty()
            ? serverFiles
            : new KeyPairFiles(files.clientCert(), files.clientKey());
    this.protocols = protocols(settings.protocol());
    this.cipherSuites = cipherSuites(settings.protocol());
  }

  /**
   * Looks at everything once, so that what cannot work is found before anything is served.
   *
   * @throws TlsException with etcd's words
   */
  public static TlsContext open(TlsSettings settings) throws TlsException {
    TlsSettings.Files files = settings.files();
    if (!settings.isEmpty()) {
      if (files.key().isEmpty() || files.cert().isEmpty()) {
        throw new TlsException(
            "KeyFile and CertFile must both be present[key: %s, cert: %s]"
                .formatted(files.key(), files.cert()));
      }
      new KeyPairFiles(files.cert(), files.key()).read();
      if (files.clientKey().isEmpty() != files.clientCert().isEmpty()) {
        throw new TlsException(
            "ClientKeyFile and ClientCertFile must both be present or both absent: key: %s, cert: %s]"
                .formatted(files.clientKey(), files.clientCert()));
      }
      if (!files.clientCert().isEmpty()) {
        new KeyPairFiles(files.clientCert(), files.clientKey()).read();
      }
      Trust.requireOneKindOfName(settings);
    }
    return new TlsContext(settings, Optional.empty());
  }

  /** The same for servers whose certificates must be for this name, however they are dialled. */
  public TlsContext expecting(String name) throws TlsException {
    return new TlsContext(settings, Optional.of(name));
  }

  /** What it was opened with. */
  public TlsSettings settings() {
    return settings;
  }

  /** For a connection that was accepted. */
  public SSLEngine serverEngine() {
    var keys =
        new OneKeyManager(
            () ->
                read(
                    serverFiles,
                    "failed to find peer cert files",
                    "failed to create peer certificate"));
    SSLEngine engine = context(keys, serverTrust).createSSLEngine();
    engine.setUseClientMode(false);
    configure(engine);
    engine.setNeedClientAuth(settings.demandsCertificates());
    return engine;
  }

  /** For a connection to this host. */
  public SSLEngine clientEngine(String host, int port) {
    Supplier<Optional<KeyPair>> pair =
        () ->
            settings.isEmpty()
                ? Optional.empty()
                : read(
                    clientFiles,
                    "failed to find client cert files",
                    "failed to create client certificate");
    SSLEngine engine =
        context(
                new OneKeyManager(pair),
                Optional.of(new ClientTrust(trust, serverName.orElse(host))))
            .createSSLEngine(host, port);
    engine.setUseClientMode(true);
    configure(engine);
    return engine;
  }

  private static SSLContext context(
      OneKeyManager keys, Optional<? extends X509ExtendedTrustManager> trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, trust.stream().toArray(TrustManager[]::new), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java speaks no TLS", e);
    }
  }

  private void configure(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(protocols);
    cipherSuites.ifPresent(parameters::setCipherSuites);
    engine.setSSLParameters(parameters);
  }

  /** Empty, with a line in the log, if the files cannot be used now. */
  private static Optional<KeyPair> read(KeyPairFiles files, String notFound, String notUsable) {
    try {
      return Optional.of(files.read());
    } catch (TlsException e) {
      boolean missing = e.getMessage().endsWith("no such file or directory");
      LOG.atWarn()
          .addKeyValue("cert-file", files.certificateFile())
          .addKeyValue("key-file", files.keyFile())
          .addKeyValue("error", e.getMessage())
          .log(missing ? notFound : notUsable);
      return Optional.empty();
    }
  }

  private static String[] protocols(TlsSettings.Protocol protocol) {
    List<String> versions = new ArrayList<>();
    if (!protocol.minVersion().equals("TLS1.3")) {
      versions.add("TLSv1.2");
    }
    if (!protocol.maxVersion().equals("TLS1.2")) {
      versions.add("TLSv1.3");
    }
    return versions.toArray(String[]::new);
  }

  private static Optional<String[]> cipherSuites(TlsSettings.Protocol protocol)
      throws TlsException {
    if (protocol.cipherSuites().isEmpty()) {
      return Optional.empty();
    }
    try {
      String[] supported = SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites();
      return Optional.of(
          CipherSuites.of(protocol.cipherSuites(), List.of(supported)).toArray(String[]::new));
    } catch (GeneralSecurityException e) {
      throw new TlsException("this Java speaks no TLS: " + e.getMessage(), e);
    }
  }
}
