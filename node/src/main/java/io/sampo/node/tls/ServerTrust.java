package io.sampo.node.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;

/** Judges the certificates of those who connect to us. */
final class ServerTrust extends EngineTrust {
  private final Trust trust;
  private final Revocations revocations;

  ServerTrust(Trust trust, Revocations revocations) {
    super("serves");
    this.trust = trust;
    this.revocations = revocations;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    trust.authorities().checkClientTrusted(chain, authType, engine);
    trust.checkAllowed(chain[0]);
    revocations.check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.acceptedIssuers();
  }
}
