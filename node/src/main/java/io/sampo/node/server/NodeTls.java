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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of a node, opened before anything is bound, with etcd's lines.
 *
 * @param peer of connections from and to other members
 */
record NodeTls(Optional<TlsContext> peer) {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);

  /**
   * Reads, or makes, keys and certificates.
   *
   * @throws ConfigException if they cannot be used
   */
  static NodeTls open(NodeConfig config, SystemSources sources) throws ConfigException {
    return new NodeTls(peer(config, sources));
  }

  private static Optional<TlsContext> peer(NodeConfig config, SystemSources sources)
      throws ConfigException {
    List<EtcdUrl> urls = config.urls().listenPeer();
    try {
      TlsSettings settings = config.security().peer();
      if (config.security().peerAutoTls()) {
        settings = selfSigned(config, settings, "peer", urls, sources);
      }
      if (!settings.isEmpty()) {
        LOG.atInfo()
            .addKeyValue("tls-info", settings)
            .addKeyValue("cipher-suites", settings.protocol().cipherSuites())
            .log("starting with peer TLS");
      }
      for (EtcdUrl url : urls) {
        warnOfPlainPeers(url, settings);
      }
      for (EtcdUrl url : urls) {
        if (url.isSecure() && settings.isEmpty()) {
          throw new TlsException(
              "cannot listen on TLS for "
                  + url.address()
                  + ": KeyFile and CertFile are not presented");
        }
      }
      boolean plain = settings.isEmpty() && settings.files().trustedCa().isEmpty();
      return plain ? Optional.empty() : Optional.of(TlsContext.open(settings));
    } catch (TlsException e) {
      LOG.atError().addKeyValue("error", e.getMessage()).log("creating peer listener failed");
      throw new ConfigException(ConfigException.Report.START, e.getMessage(), e);
    }
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
        urls.stream().map(EtcdUrl::host).toList(),
        config.security().selfSignedYears(),
        settings.protocol(),
        sources.currentMillis().getAsLong(),
        sources.newRandom().get());
  }

  private static void warnOfPlainPeers(EtcdUrl url, TlsSettings settings) {
    if (url.isSecure()) {
      return;
    }
    if (!settings.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("peer-url", url)
          .log("scheme is HTTP while key and cert files are present; ignoring key and cert files");
    }
    if (settings.clientCertAuth()) {
      LOG.atWarn()
          .addKeyValue("peer-url", url)
          .log(
              "scheme is HTTP while --peer-client-cert-auth is enabled; ignoring client cert auth"
                  + " for this URL");
    }
  }
}
