package io.sampo.node.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/** Judges the certificate of a member that we call. For one connection. */
final class ClientTrust extends EngineTrust {
  private final Optional<Trust> trust;
  private final String host;

  /**
   * @param trust empty to believe anybody (self-signed certificates)
   * @param host that was dialled; the certificate must be for it
   */
  ClientTrust(Optional<Trust> trust, String host) {
    super("calls");
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
}
