package io.sampo.node.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Judges the certificates of those who connect to us. */
final class ServerTrust extends X509ExtendedTrustManager {
  private final Trust trust;
  private final Revocations revocations;

  ServerTrust(Trust trust, Revocations revocations) {
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
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw noSockets();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw noSockets();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw noSockets();
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

  private static CertificateException noSockets() {
    return new CertificateException("this side only serves, over engines");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.acceptedIssuers();
  }
}
