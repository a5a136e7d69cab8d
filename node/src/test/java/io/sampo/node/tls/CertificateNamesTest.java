package io.sampo.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which hosts and addresses a certificate is for: Go's rule, and etcd's about the source. */
class CertificateNamesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "a.example, a.example, true",
    "a.example, A.Example., true",
    "a.example, b.example, false",
    "*.example, a.example, true",
    "*.example, example, false",
    "*.example, b.a.example, false",
    "a*.example, ab.example, false",
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "::1, ::1, true",
    "::1, [::1], true",
    "::1, [0:0:0:0:0:0:0:1], true",
    "a.example, 127.0.0.1, false"
  })
  void fit(String name, String host, boolean fits) throws Exception {
    var issued = new Authority(folder, "ca").issue("leaf", name);
    assertEquals(fits, CertificateNames.of(issued.certificate()).fit(host));
  }

  @Test
  void theCommonNameVouchesForNoHost() throws Exception {
    var issued = new Authority(folder, "ca").issue("a.example");
    assertFalse(CertificateNames.of(issued.certificate()).fit("a.example"));
    assertEquals("a.example", CertificateNames.commonName(issued.certificate()));
  }

  @Test
  void theSourceMustBeNamedIfAnythingIs() throws Exception {
    Authority authority = new Authority(folder, "ca");
    InetAddress here = InetAddress.getByName("127.0.0.1");
    assertEquals(Optional.empty(), SourceCheck.refusal(authority.issue("any").certificate(), here));
    assertEquals(
        Optional.empty(),
        SourceCheck.refusal(authority.issue("here", "127.0.0.1").certificate(), here));
    assertEquals(
        Optional.of("x509: certificate is valid for 127.0.0.9, not 127.0.0.1"),
        SourceCheck.refusal(authority.issue("there", "127.0.0.9").certificate(), here));
  }

  @Test
  void aNameLeadsToItsAddressThroughDns() throws Exception {
    Authority authority = new Authority(folder, "ca");
    InetAddress here = InetAddress.getByName("127.0.0.1");
    var local = authority.issue("local", "localhost", "127.0.0.9").certificate();
    assertTrue(SourceCheck.needsLookup(local, here));
    assertEquals(Optional.empty(), SourceCheck.refusal(local, here));
    var elsewhere = authority.issue("elsewhere", "elsewhere.invalid").certificate();
    assertEquals(
        Optional.of("tls: \"127.0.0.1\" does not match any of DNSNames [\"elsewhere.invalid\"]"),
        SourceCheck.refusal(elsewhere, here));
  }
}
