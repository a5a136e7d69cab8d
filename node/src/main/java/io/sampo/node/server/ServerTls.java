package io.sampo.node.server;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.tls.SelfSigned;
import io.sampo.node.tls.TlsContext;
import io.sampo.node.tls.TlsException;
import io.sampo.node.tls.TlsSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of a node, opened before anything is bound, with etcd's lines.
 *
 * @param peer of connections from and to other members
 * @param client of connections from clients
 */
record ServerTls(Optional<TlsContext> peer, Optional<TlsContext> client) {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  /**
   * Reads, or makes, keys and certificates.
   *
   * @throws ConfigException if they cannot be used
   */
  static ServerTls open(NodeConfig config, SystemSources sources) throws ConfigException {
    try {
      return new ServerTls(peer(config, sources), client(config, sources));
    } catch (TlsException e) {
      throw new ConfigException(ConfigException.Report.START, e.getMessage(), e);
    }
  }

  /**
   * The same for members whose certificates are for this name.
   *
   * @param peerName empty for no change
   */
  ServerTls expecting(Optional<String> peerName) throws ConfigException {
    if (peerName.isEmpty() || peer.isEmpty()) {
      return this;
    }
    try {
      return new ServerTls(Optional.of(peer.get().expecting(peerName.get())), client);
    } catch (TlsException e) {
      throw new ConfigException(ConfigException.Report.START, e.getMessage(), e);
    }
  }

  private static Optional<TlsContext> peer(NodeConfig config, SystemSources sources)
      throws TlsException {
    List<EtcdUrl> urls = config.urls().listenPeer();
    try {
      NodeConfig.Security security = config.security();
      TlsSettings settings =
          security.peerAutoTls()
              ? selfSigned(config, security.peer(), "peer", urls, sources)
              : security.peer();
      if (!settings.isEmpty()) {
        announce(settings, "peer");
      }
      for (EtcdUrl url : urls) {
        warnOfPlain(url, settings, "HTTP", "peer-client-cert-auth", "peer-url");
        if (url.isSecure() && settings.isEmpty()) {
          throw new TlsException(
              "cannot listen on TLS for "
                  + url.address()
                  + ": KeyFile and CertFile are not presented");
        }
      }
      return open(settings);
    } catch (TlsException e) {
      LOG.atError().addKeyValue("error", e.getMessage()).log("creating peer listener failed");
      throw e;
    }
  }

  private static Optional<TlsContext> client(NodeConfig config, SystemSources sources)
      throws TlsException {
    NodeConfig.Urls all = config.urls();
    List<EtcdUrl> urls =
        Stream.concat(all.listenClient().stream(), all.listenClientHttp().stream()).toList();
    NodeConfig.Security security = config.security();
    TlsSettings settings =
        security.clientAutoTls()
            ? selfSigned(config, security.client(), "client", urls, sources)
            : security.client();
    for (EtcdUrl url : urls) {
      warnOfPlain(url, settings, "http or unix", "client-cert-auth", "client-url");
      if (url.isSecure() && settings.isEmpty()) {
        throw new TlsException(
            "TLS key/cert (--cert-file, --key-file) must be provided for client url "
                + url
                + " with HTTPS scheme");
      }
    }
    refuseOneAddressForTwo(all);
    if (settings.isEmpty() && all.listenMetrics().stream().anyMatch(EtcdUrl::isSecure)) {
      throw new TlsException(
          "client TLS key/cert (--cert-file, --key-file) must be provided for metrics secure url");
    }
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    announce(settings, "client");
    boolean used =
        Stream.concat(urls.stream(), all.listenMetrics().stream()).anyMatch(EtcdUrl::isSecure);
    return used ? open(settings) : Optional.empty();
  }

  /** What is only HTTP and what is only gRPC cannot be told apart by their first bytes. */
  private static void refuseOneAddressForTwo(NodeConfig.Urls urls) throws TlsException {
    Set<String> addresses =
        urls.listenClient().stream().map(EtcdUrl::address).collect(Collectors.toSet());
    for (EtcdUrl url : urls.listenClientHttp()) {
      if (addresses.contains(url.address())) {
        throw new TlsException(
            "cannot bind both --listen-client-urls and --listen-client-http-urls on the same url "
                + url);
      }
    }
  }

  private static void announce(TlsSettings settings, String group) {
    LOG.atInfo()
        .addKeyValue("tls-info", settings)
        .addKeyValue("cipher-suites", settings.protocol().cipherSuites())
        .log("starting with {} TLS", group);
  }

  /** Nothing to serve with, and nobody in particular to trust, is no TLS of our own. */
  private static Optional<TlsContext> open(TlsSettings settings) throws TlsException {
    boolean plain = settings.isEmpty() && settings.files().trustedCa().isEmpty();
    return plain ? Optional.empty() : Optional.of(TlsContext.open(settings));
  }

  private static TlsSettings selfSigned(
      NodeConfig config,
      TlsSettings settings,
      String group,
      List<EtcdUrl> urls,
      SystemSources sources)
      throws TlsException {
    if (!settings.isEmpty()) {
      LOG.warn("ignoring {} auto TLS since certs given", group);
      return settings;
    }
    return SelfSigned.ensure(
        config.dataDir().resolve("fixtures").resolve(group),
        urls.stream().map(EtcdUrl::host).distinct().toList(),
        config.security().selfSignedYears(),
        settings.protocol(),
        sources.currentMillis().getAsLong(),
        sources.newRandom().get());
  }

  private static void warnOfPlain(
      EtcdUrl url, TlsSettings settings, String scheme, String flag, String field) {
    if (url.isSecure()) {
      return;
    }
    if (!settings.isEmpty()) {
      LOG.atWarn()
          .addKeyValue(field, url)
          .log(
              "scheme is {} while key and cert files are present; ignoring key and cert files",
              scheme);
    }
    if (settings.clientCertAuth()) {
      LOG.atWarn()
          .addKeyValue(field, url)
          .log(
              "scheme is {} while --{} is enabled; ignoring client cert auth for this URL",
              scheme,
              flag);
    }
  }
}
