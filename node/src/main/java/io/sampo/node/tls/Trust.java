package io.sampo.node.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom one side of the connections believes: authorities, and the names that must be vouched for.
 */
final class Trust {
  private final X509ExtendedTrustManager authorities;
  private final TlsSettings settings;

  private Trust(X509ExtendedTrustManager authorities, TlsSettings settings) {
    this.authorities = authorities;
    this.settings = settings;
  }

  /**
   * Reads the authorities, once (as etcd does: new ones need a new start).
   *
   * @throws TlsException if they cannot be read or there are none
   */
  static Trust load(TlsSettings settings) throws TlsException {
    String file = settings.files().trustedCa();
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(file.isEmpty() ? null : authorities(file));
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return new Trust(found, settings);
        }
      }
      throw new TlsException("this Java verifies no certificates");
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException("cannot use the authorities of " + file + ": " + e.getMessage(), e);
    }
  }

  private static KeyStore authorities(String file)
      throws TlsException, GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (PemBlock block : PemBlock.all(TlsFiles.read(file))) {
      store.setCertificateEntry("ca" + store.size(), KeyPair.certificate(block.der()));
    }
    if (store.size() == 0) {
      throw new TlsException("no certificate of an authority in " + file);
    }
    return store;
  }

  X509Certificate[] acceptedIssuers() {
    return authorities.getAcceptedIssuers();
  }

  X509ExtendedTrustManager authorities() {
    return authorities;
  }

  /** Refuses a verified certificate that does not carry one of the names asked for. */
  void checkAllowed(X509Certificate certificate) throws CertificateException {
    List<String> commonNames = settings.allowedCommonNames();
    List<String> hosts = settings.allowedHostNames();
    boolean allowed =
        commonNames.isEmpty()
            ? hosts.isEmpty() || hosts.stream().anyMatch(CertificateNames.of(certificate)::fit)
            : commonNames.contains(CertificateNames.commonName(certificate));
    if (!allowed) {
      throw new CertificateException("client certificate authentication failed");
    }
  }

  /** The settings that exclude each other, in etcd's words. */
  static void requireOneKindOfName(TlsSettings settings) throws TlsException {
    if (!settings.allowedCommonNames().isEmpty() && !settings.allowedHostNames().isEmpty()) {
      throw new TlsException(
          "AllowedCNs and AllowedHostnames are mutually exclusive (cns=%s, hostnames=%s)"
              .formatted(
                  quoted(settings.allowedCommonNames()), quoted(settings.allowedHostNames())));
    }
  }

  /** A list as Go's {@code %q} shows it. */
  static String quoted(List<String> texts) {
    return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(" ", "[", "]"));
  }

  /** For messages. */
  @Override
  public String toString() {
    return Arrays.stream(acceptedIssuers())
        .map(issuer -> issuer.getSubjectX500Principal().getName())
        .collect(Collectors.joining("; "));
  }
}
