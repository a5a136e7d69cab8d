package io.sampo.node.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Judges the certificate of a member that we call. For one connection. */
final class ClientTrust extends X509ExtendedTrustManager {
  private final Optional<Trust> trust;
  private final String host;

  /**
   * @param trust empty to believe anybody (self-signed certificates)
   * @param host that was dialled; the certificate must be for it
   */
  ClientTrust(Optional<Trust> trust, String host) {
    this.trust = trust;
    this.host = host;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    if (trust.isEmpty()) {
      return;
    }
    trust.get().authorities().checkServerTrusted(chain, authType, engine);
    CertificateNames names = CertificateNames.of(chain[0]);
    if (!names.fit(host)) {
      throw new CertificateException(names.mismatch(host));
    }
    trust.get().checkAllowed(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw noSockets();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw noSockets();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw noSockets();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw noSockets();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw noSockets();
  }

  private static CertificateException noSockets() {
    return new CertificateException("this side only calls, over engines");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
