package io.sampo.node.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * The hosts and addresses that a certificate is for, by its subject alternative names alone, and
 * Go's rule for what fits them ({@code x509.Certificate.VerifyHostname}).
 *
 * @param dnsNames in their order
 * @param addresses in their order, as bytes
 */
record CertificateNames(List<String> dnsNames, List<InetAddress> addresses) {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  static CertificateNames of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    List<InetAddress> addresses = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
        if (name.get(0).equals(DNS_NAME)) {
          names.add((String) name.get(1));
        } else if (name.get(0).equals(IP_ADDRESS)) {
          addresses.add(InetAddress.getByName((String) name.get(1)));
        }
      }
    } catch (CertificateParsingException | UnknownHostException e) {
      // Names that cannot be read vouch for nobody.
      return new CertificateNames(List.of(), List.of());
    }
    return new CertificateNames(List.copyOf(names), List.copyOf(addresses));
  }

  /** The subject's common name, the last one if there are several; empty if there is none. */
  static String commonName(X509Certificate certificate) {
    return CommonName.of(certificate.getSubjectX500Principal());
  }

  boolean isEmpty() {
    return dnsNames.isEmpty() && addresses.isEmpty();
  }

  /** Whether the certificate is for this host, a name or an address. */
  boolean fit(String host) {
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (isAddress(bare)) {
      return addresses.stream().anyMatch(address -> sameAddress(address, bare));
    }
    String wanted = withoutDot(bare.toLowerCase(Locale.ROOT));
    return dnsNames.stream()
        .anyMatch(pattern -> matches(withoutDot(pattern.toLowerCase(Locale.ROOT)), wanted));
  }

  /** A literal, so that no name is ever looked up here. */
  static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }

  private static boolean sameAddress(InetAddress address, String literal) {
    try {
      return address.equals(InetAddress.getByName(literal));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** A star stands for one whole label, the first. */
  private static boolean matches(String pattern, String host) {
    if (!pattern.startsWith("*.")) {
      return !pattern.isEmpty() && pattern.equals(host);
    }
    int dot = host.indexOf('.');
    return dot > 0 && pattern.substring(1).equals(host.substring(dot));
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** What Go says of a host that does not fit. */
  String mismatch(String host) {
    if (isAddress(host)) {
      return addresses.isEmpty()
          ? "x509: cannot validate certificate for "
              + host
              + " because it doesn't contain any IP SANs"
          : "x509: certificate is valid for " + String.join(", ", literals()) + ", not " + host;
    }
    return dnsNames.isEmpty()
        ? "x509: certificate is not valid for any names, but wanted to match " + host
        : "x509: certificate is valid for " + String.join(", ", dnsNames) + ", not " + host;
  }

  /** The addresses as text. */
  List<String> literals() {
    return addresses.stream().map(InetAddress::getHostAddress).toList();
  }
}
