package io.sampo.node.tls;

import java.util.List;

/**
 * What the flags of one group say; an empty text is a file that was not given.
 *
 * @param files of keys, certificates and authorities
 * @param clientCertAuth whoever connects must show a certificate, even without {@code trustedCa}
 * @param allowedCommonNames one of which a certificate must carry; empty for any
 * @param allowedHostNames one of which a certificate must be valid for; empty for any
 * @param skipClientSanVerification a certificate need not fit the address it comes from
 * @param selfSigned made by this node at its start: others' are made so too, and nobody can verify
 *     them
 * @param protocol versions and cipher suites
 */
public record TlsSettings(
    Files files,
    boolean clientCertAuth,
    List<String> allowedCommonNames,
    List<String> allowedHostNames,
    boolean skipClientSanVerification,
    boolean selfSigned,
    Protocol protocol) {

  /**
   * Names of files.
   *
   * @param cert shown to those who connect, and to those whom we call if there is no {@code
   *     clientCert}
   * @param trustedCa who signs others' certificates; without it the platform's authorities count
   * @param crl serial numbers that count no more
   */
  public record Files(
      String cert, String key, String clientCert, String clientKey, String trustedCa, String crl) {
    /** None. */
    public static final Files NONE = new Files("", "", "", "", "", "");
  }

  /**
   * What is offered and taken.
   *
   * @param cipherSuites for TLS 1.2, by Go's names; empty for the platform's
   * @param minVersion {@code TLS1.2}, {@code TLS1.3} or empty
   * @param maxVersion likewise
   */
  public record Protocol(List<String> cipherSuites, String minVersion, String maxVersion) {}

  /** Plain HTTP. */
  public static final TlsSettings NONE =
      new TlsSettings(
          Files.NONE, false, List.of(), List.of(), false, false, new Protocol(List.of(), "", ""));

  /** Whether there is nothing to serve with. */
  public boolean isEmpty() {
    return files.cert().isEmpty() && files.key().isEmpty();
  }

  /** Whether whoever connects must show a certificate (etcd 3.7.1: a trusted CA is enough). */
  public boolean demandsCertificates() {
    return clientCertAuth || !files.trustedCa().isEmpty();
  }

  /** As etcd prints it in {@code tls-info}. */
  @Override
  public String toString() {
    return "cert = %s, key = %s, client-cert=%s, client-key=%s, trusted-ca = %s, client-cert-auth = %s, crl-file = %s"
        .formatted(
            files.cert(),
            files.key(),
            files.clientCert(),
            files.clientKey(),
            files.trustedCa(),
            clientCertAuth,
            files.crl());
  }
}
