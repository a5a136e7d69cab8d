package io.sampo.node.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From the names of Go's {@code crypto/tls} to those of Java; most are the same. */
final class CipherSuites {
  private static final Map<String, String> RENAMED =
      Map.of(
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "SSL_RSA_WITH_3DES_EDE_CBC_SHA",
          "TLS_RSA_WITH_RC4_128_SHA", "SSL_RSA_WITH_RC4_128_SHA");

  private CipherSuites() {}

  /**
   * What to enable.
   *
   * @param names for TLS 1.2, in the order of preference; the suites of TLS 1.3 cannot be chosen
   *     and are always there, as in Go
   * @param supported by this Java
   * @throws TlsException for the first name that is none
   */
  static List<String> of(List<String> names, List<String> supported) throws TlsException {
    Set<String> known = Set.copyOf(supported);
    List<String> suites = new ArrayList<>();
    for (String suite : supported) {
      if (isForVersion13(suite)) {
        suites.add(suite);
      }
    }
    for (String name : names) {
      String suite = RENAMED.getOrDefault(name, name);
      if (!known.contains(suite)) {
        throw new TlsException("unexpected TLS cipher suite \"" + name + "\"");
      }
      if (!suites.contains(suite)) {
        suites.add(suite);
      }
    }
    return suites;
  }

  private static boolean isForVersion13(String suite) {
    return suite.startsWith("TLS_") && !suite.contains("_WITH_") && !suite.contains("SCSV");
  }
}
