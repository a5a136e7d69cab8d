package io.sampo.node.tls;

import java.security.cert.CertificateException;
import java.util.Map;

/** What a failed handshake is about, in one line. */
public final class TlsFailures {
  /** What operators know from etcd's log. */
  private static final Map<String, String> AS_IN_GO =
      Map.of(
          "Empty client certificate chain", "tls: client didn't provide a certificate",
          "Unrecognized SSL message, plaintext connection?",
              "tls: first record does not look like a TLS handshake");

  private TlsFailures() {}

  /** The reason inside of what TLS throws: a judgement about a certificate if there is one. */
  public static String describe(Throwable failure) {
    Throwable last = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "tls: failed to verify certificate: " + message(cause);
      }
      last = cause;
    }
    return message(last);
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return AS_IN_GO.getOrDefault(message, message);
  }
}
