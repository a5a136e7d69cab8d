package io.sampo.node.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/**
 * The list of serial numbers that count no more, in DER or PEM, read for each connection. As in
 * etcd 3.7.1 neither its signature nor its issuer is looked at.
 */
final class Revocations {
  private final String file;
  private byte[] bytes = {};
  private X509CRL list;

  /**
   * @param file empty if nothing is revoked
   */
  Revocations(String file) {
    this.file = file;
  }

  /**
   * Refuses revoked certificates.
   *
   * @throws CertificateException naming the first, or if the list cannot be read
   */
  void check(X509Certificate... chain) throws CertificateException {
    if (file.isEmpty()) {
      return;
    }
    X509CRL current = read();
    for (X509Certificate certificate : chain) {
      if (current.getRevokedCertificate(certificate.getSerialNumber()) != null) {
        throw new CertificateException(
            "transport: certificate serial "
                + certificate.getSerialNumber().toString(16)
                + " revoked");
      }
    }
  }

  private synchronized X509CRL read() throws CertificateException {
    try {
      byte[] now = TlsFiles.read(file);
      if (list == null || !Arrays.equals(now, bytes)) {
        list =
            (X509CRL)
                CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(now));
        bytes = now;
      }
      return list;
    } catch (TlsException | CRLException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }
}
