package io.sampo.node.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a failed handshake is about, in one line. */
public final class TlsFailures {
  /** What operators know from etcd's log. */
  private static final Map<String, String> AS_IN_GO =
      Map.of(
          "Empty client certificate chain", "tls: client didn't provide a certificate",
          "Unrecognized SSL message, plaintext connection?",
              "tls: first record does not look like a TLS handshake",
          "no cipher suites in common", "tls: no cipher suite supported by both client and server");

  /** Newer versions of Java put the alert that they send before the reason. */
  private static final Pattern SENT_ALERT = Pattern.compile("^\\([a-z_]+\\) ");

  private static final Pattern RECEIVED_ALERT =
      Pattern.compile(
          "(?:Received fatal alert: |Unexpected plaintext alert received: .*Alert: )([a-z_]+)");

  /**
   * Go's words for an alert are its name in most cases. These are the others. A server in Java says
   * {@code certificate_unknown} of any client's certificate that it refuses, and cannot say what
   * one in Go does, {@code bad_certificate}; a server in Go never says the former.
   */
  private static final Map<String, String> ALERTS =
      Map.of(
          "bad_record_mac", "bad record MAC",
          "certificate_revoked", "revoked certificate",
          "certificate_expired", "expired certificate",
          "certificate_unknown", "bad certificate",
          "unknown_ca", "unknown certificate authority",
          "decode_error", "error decoding message",
          "decrypt_error", "error decrypting message",
          "protocol_version", "protocol version not supported",
          "insufficient_security", "insufficient security level");

  private TlsFailures() {}

  /** The reason inside of what TLS throws: a judgement about a certificate if there is one. */
  public static String describe(Throwable failure) {
    Throwable last = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "tls: failed to verify certificate: " + judgement(cause);
      }
      last = cause;
    }
    return message(last);
  }

  /** Java's own judgements in Go's words; others are in theirs already. */
  private static String judgement(Throwable refusal) {
    for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return "x509: certificate has expired or is not yet valid: " + message(cause);
      }
      if (cause instanceof CertPathBuilderException && cause.getCause() == null) {
        return "x509: certificate signed by unknown authority";
      }
    }
    return message(refusal);
  }

  private static String message(Throwable failure) {
    if (failure.getMessage() == null) {
      return failure.toString();
    }
    String message = SENT_ALERT.matcher(failure.getMessage()).replaceFirst("");
    Matcher alert = RECEIVED_ALERT.matcher(message);
    if (alert.matches()) {
      String name = alert.group(1);
      return "remote error: tls: " + ALERTS.getOrDefault(name, name.replace('_', ' '));
    }
    return AS_IN_GO.getOrDefault(message, message);
  }
}
