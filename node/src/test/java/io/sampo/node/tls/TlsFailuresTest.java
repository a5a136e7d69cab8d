package io.sampo.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of etcd 3.7.1 where it has them; none of Java's class names. */
class TlsFailuresTest {

  private static String describe(CertificateException judgement) {
    SSLHandshakeException failure = new SSLHandshakeException("(certificate_unknown) as below");
    failure.initCause(judgement);
    return TlsFailures.describe(failure);
  }

  @Test
  void aCertificateOfNobodyKnownIsOfAnUnknownAuthority() {
    CertPathBuilderException reason = new CertPathBuilderException("unable to find a path");
    assertEquals(
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        describe(new CertificateException("PKIX path building failed: " + reason, reason)));
  }

  @Test
  void anExpiredCertificateIsNamedAsSuch() {
    CertPathValidatorException reason =
        new CertPathValidatorException(
            "validity check failed", new CertificateExpiredException("NotAfter: some day"));
    assertEquals(
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid:"
            + " NotAfter: some day",
        describe(new CertificateException("PKIX path validation failed: " + reason, reason)));
  }

  @Test
  void aJudgementOfOursStays() {
    assertEquals(
        "tls: failed to verify certificate: x509: certificate is valid for localhost, not a",
        describe(new CertificateException("x509: certificate is valid for localhost, not a")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          Empty client certificate chain | tls: client didn't provide a certificate
          (certificate_required) Empty client certificate chain | tls: client didn't provide a certificate
          (handshake_failure) Received fatal alert: handshake_failure | remote error: tls: handshake failure
          Received fatal alert: bad_certificate | remote error: tls: bad certificate
          Received fatal alert: certificate_unknown | remote error: tls: bad certificate
          Unexpected plaintext alert received: Level: fatal; Alert: unknown_ca \
          | remote error: tls: unknown certificate authority
          (handshake_failure) no cipher suites in common | tls: no cipher suite supported by both client and server
          something else | something else
          """)
  void whatTlsSaysIsInTheWordsOfEtcd(String java, String expected) {
    assertEquals(expected, TlsFailures.describe(new SSLHandshakeException(java)));
  }

  @Test
  void aFailureWithoutWordsIsNamed() {
    assertEquals(
        "javax.net.ssl.SSLHandshakeException",
        TlsFailures.describe(new SSLHandshakeException(null)));
  }
}
