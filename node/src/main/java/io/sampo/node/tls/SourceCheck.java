package io.sampo.node.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whether a certificate fits the address it comes from (etcd 3.7.1, {@code checkCertSAN}): one that
 * names addresses or hosts must name this one, directly or through DNS.
 */
final class SourceCheck {
  private SourceCheck() {}

  /** Whether {@link #refusal} would have to ask DNS. */
  static boolean needsLookup(X509Certificate certificate, InetAddress source) {
    CertificateNames names = CertificateNames.of(certificate);
    return !names.dnsNames().isEmpty() && !names.addresses().contains(source);
  }

  /** Why not; empty if it does. May block in DNS. */
  static Optional<String> refusal(X509Certificate certificate, InetAddress source) {
    CertificateNames names = CertificateNames.of(certificate);
    String host = source.getHostAddress();
    if (names.isEmpty() || names.addresses().contains(source)) {
      return Optional.empty();
    }
    if (names.dnsNames().isEmpty()) {
      return Optional.of(names.mismatch(host));
    }
    return isInDns(source, names.dnsNames())
        ? Optional.empty()
        : Optional.of(
            "tls: \"%s\" does not match any of DNSNames %s"
                .formatted(host, Trust.quoted(names.dnsNames())));
  }

  /** Of a certificate that comes through a socket of the file system, as etcd judges it. */
  static Optional<String> refusalWithoutAddress(X509Certificate certificate) {
    return CertificateNames.of(certificate).isEmpty()
        ? Optional.empty()
        : Optional.of("address @: missing port in address");
  }

  private static boolean isInDns(InetAddress source, List<String> names) {
    String reverse = withoutDot(nameOf(source));
    for (String name : names) {
      boolean wildcard = name.startsWith("*.");
      if (wildcard ? reverse.endsWith(name.substring(1)) : reverse.equals(name)) {
        return true;
      }
    }
    return names.stream()
        .filter(name -> !name.startsWith("*."))
        .anyMatch(name -> addressesOf(name).contains(source));
  }

  /** Java only tells a name that leads back to the address; otherwise this is the address. */
  private static String nameOf(InetAddress source) {
    try {
      return InetAddress.getByAddress(source.getAddress()).getCanonicalHostName();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of a wrong length", e);
    }
  }

  private static List<InetAddress> addressesOf(String name) {
    try {
      return Arrays.asList(InetAddress.getAllByName(name));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
