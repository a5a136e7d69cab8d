package io.sampo.node.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who shakes hands with whom, engine against engine. */
class TlsContextTest {
  private static final String UNKNOWN_AUTHORITY =
      "tls: failed to verify certificate: x509: certificate signed by unknown authority";

  private static final TlsSettings.Protocol ANY = new TlsSettings.Protocol(List.of(), "", "");
  private static final int PORT = 2380;

  @TempDir Path folder;
  private Authority authority;
  private Authority.Issued local;

  @BeforeEach
  void makeCertificates() throws Exception {
    authority = new Authority(folder, "ca");
    local = authority.issue("local", "localhost", "127.0.0.1");
  }

  private static TlsSettings.Files files(Authority.Issued issued, String ca, String crl) {
    return new TlsSettings.Files(issued.cert(), issued.key(), "", "", ca, crl);
  }

  private static TlsSettings settings(TlsSettings.Files files) {
    return new TlsSettings(files, false, List.of(), List.of(), false, false, ANY);
  }

  private TlsSettings mutual(Authority.Issued issued) {
    return settings(files(issued, authority.file(), ""));
  }

  private static void shake(TlsContext client, String host, TlsContext server) throws SSLException {
    Handshake.run(client.clientEngine(host, PORT), server.serverEngine());
  }

  private static String refusal(TlsContext client, String host, TlsContext server) {
    SSLException refused = assertThrows(SSLException.class, () -> shake(client, host, server));
    return TlsFailures.describe(refused);
  }

  @Test
  void membersOfOneAuthorityTrustEachOther() throws Exception {
    TlsContext member = TlsContext.open(mutual(local));
    shake(member, "localhost", member);
    shake(member, "127.0.0.1", member);
  }

  @Test
  void whoDialsShowsTheCertificateThatIsForIt() throws Exception {
    Authority.Issued own = new Authority(folder, "other").issue("stranger", "localhost");
    TlsContext dialling =
        TlsContext.open(
            settings(
                new TlsSettings.Files(
                    own.cert(), own.key(), local.cert(), local.key(), authority.file(), "")));
    shake(dialling, "localhost", TlsContext.open(mutual(local)));
    assertEquals(UNKNOWN_AUTHORITY, refusal(TlsContext.open(mutual(local)), "localhost", dialling));
  }

  @Test
  void whoShowsNoCertificateIsRefused() throws Exception {
    TlsContext server = TlsContext.open(mutual(local));
    TlsContext bare =
        TlsContext.open(settings(new TlsSettings.Files("", "", "", "", authority.file(), "")));
    assertEquals("tls: client didn't provide a certificate", refusal(bare, "localhost", server));
  }

  @Test
  void anotherAuthorityIsRefusedOnBothSides() throws Exception {
    Authority other = new Authority(folder, "other");
    TlsContext member = TlsContext.open(mutual(local));
    TlsContext stranger =
        TlsContext.open(
            settings(files(other.issue("stranger", "localhost"), authority.file(), "")));
    assertEquals(UNKNOWN_AUTHORITY, refusal(stranger, "localhost", member));
    assertEquals(UNKNOWN_AUTHORITY, refusal(member, "localhost", stranger));
  }

  @Test
  void theServerMustBeTheHostThatWasDialled() throws Exception {
    TlsContext member = TlsContext.open(mutual(local));
    assertEquals(
        "tls: failed to verify certificate: x509: certificate is valid for localhost, not"
            + " elsewhere.example",
        refusal(member, "elsewhere.example", member));
    assertEquals(
        "tls: failed to verify certificate: x509: certificate is valid for 127.0.0.1, not"
            + " 127.0.0.2",
        refusal(member, "127.0.0.2", member));
  }

  /** What etcd does with members that it found by the DNS. */
  @Test
  void theServerMayHaveToBeTheDomainThatNamedIt() throws Exception {
    TlsContext server =
        TlsContext.open(mutual(authority.issue("domain", "127.0.0.1", "example.com")));
    TlsContext client = TlsContext.open(mutual(local));

    refusal(client, "somewhere", server);
    shake(client.expecting("example.com"), "somewhere", server);
    refusal(client.expecting("example.org"), "somewhere", server);
  }

  @Test
  void onlyNamesThatAreAllowed() throws Exception {
    TlsContext other = TlsContext.open(mutual(authority.issue("other", "localhost", "peer.x")));
    TlsSettings.Files files = files(local, authority.file(), "");
    List<String> none = List.of();
    for (TlsSettings allowing :
        List.of(
            new TlsSettings(files, false, List.of("x", "other"), none, false, false, ANY),
            new TlsSettings(files, false, none, List.of("x", "peer.x"), false, false, ANY))) {
      shake(other, "localhost", TlsContext.open(allowing));
    }
    for (TlsSettings refusing :
        List.of(
            new TlsSettings(files, false, List.of("x"), none, false, false, ANY),
            new TlsSettings(files, false, none, List.of("x"), false, false, ANY))) {
      assertEquals(
          "tls: failed to verify certificate: client certificate authentication failed",
          refusal(other, "localhost", TlsContext.open(refusing)));
    }
    TlsSettings both =
        new TlsSettings(files, false, List.of("a", "b"), List.of("c"), false, false, ANY);
    assertEquals(
        "AllowedCNs and AllowedHostnames are mutually exclusive (cns=[\"a\" \"b\"],"
            + " hostnames=[\"c\"])",
        assertThrows(TlsException.class, () -> TlsContext.open(both)).getMessage());
  }

  @Test
  void aNewCertificateCountsFromTheNextConnection() throws Exception {
    TlsContext member = TlsContext.open(mutual(local));
    SSLEngine before = member.clientEngine("localhost", PORT);
    Handshake.run(before, member.serverEngine());
    Authority.Issued renewed = authority.issue("local", "localhost");
    SSLEngine after = member.clientEngine("localhost", PORT);
    Handshake.run(after, member.serverEngine());
    assertEquals(local.certificate(), shown(before));
    assertEquals(renewed.certificate(), shown(after));
    Files.writeString(Path.of(local.key()), "garbage");
    assertThrows(SSLException.class, () -> shake(member, "localhost", member));
    authority.issue("local", "localhost");
    shake(member, "localhost", member);
  }

  private static X509Certificate shown(SSLEngine client) throws SSLException {
    return (X509Certificate) client.getSession().getPeerCertificates()[0];
  }

  @Test
  void revokedCertificatesAreRefused() throws Exception {
    Authority.Issued gone = authority.issue("gone", "localhost");
    Path list = folder.resolve("revoked.crl");
    Files.write(list, authority.revoke(gone));
    TlsContext server = TlsContext.open(settings(files(local, authority.file(), list.toString())));
    shake(TlsContext.open(mutual(local)), "localhost", server);
    assertEquals(
        "tls: failed to verify certificate: transport: certificate serial "
            + gone.certificate().getSerialNumber().toString(16)
            + " revoked",
        refusal(TlsContext.open(mutual(gone)), "localhost", server));
    Files.delete(list);
    assertEquals(
        "tls: failed to verify certificate: open " + list + ": no such file or directory",
        refusal(TlsContext.open(mutual(local)), "localhost", server));
  }

  @Test
  void versionsAndCipherSuitesAreThoseOfTheFlags() throws Exception {
    TlsContext only13 = TlsContext.open(withProtocol(List.of(), "TLS1.3", ""));
    TlsContext only12 =
        TlsContext.open(
            withProtocol(List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"), "TLS1.2", "TLS1.2"));
    assertArrayEquals(new String[] {"TLSv1.3"}, only13.serverEngine().getEnabledProtocols());
    assertThrows(SSLException.class, () -> shake(only12, "localhost", only13));
    SSLEngine client = TlsContext.open(mutual(local)).clientEngine("localhost", PORT);
    Handshake.run(client, only12.serverEngine());
    assertEquals("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", client.getSession().getCipherSuite());
    TlsSettings unknown = withProtocol(List.of("FOO"), "", "");
    assertEquals(
        "unexpected TLS cipher suite \"FOO\"",
        assertThrows(TlsException.class, () -> TlsContext.open(unknown)).getMessage());
  }

  private TlsSettings withProtocol(List<String> suites, String min, String max) {
    return new TlsSettings(
        files(local, authority.file(), ""),
        false,
        List.of(),
        List.of(),
        false,
        false,
        new TlsSettings.Protocol(suites, min, max));
  }

  @Test
  void selfSignedMembersBelieveAnybody() throws Exception {
    TlsSettings one = selfSigned("one");
    TlsContext first = TlsContext.open(one);
    TlsContext second = TlsContext.open(selfSigned("two"));
    shake(first, "localhost", second);
    shake(second, "127.0.0.1", first);
    byte[] made = Files.readAllBytes(Path.of(one.files().cert()));
    assertEquals(one, selfSigned("one"));
    assertArrayEquals(made, Files.readAllBytes(Path.of(one.files().cert())));
    assertThrows(
        TlsException.class,
        () ->
            SelfSigned.ensure(
                folder.resolve("z"), List.of("localhost"), 0, ANY, 0, new SplittableRandom(1)));
  }

  private TlsSettings selfSigned(String name) throws TlsException {
    return SelfSigned.ensure(
        folder.resolve(name),
        List.of("127.0.0.1", "localhost"),
        1,
        ANY,
        1_700_000_000_000L,
        new SplittableRandom(1));
  }

  @Test
  void filesThatCannotWorkAreFoundAtTheStart() throws Exception {
    String cert = local.cert();
    String key = local.key();
    assertOpen(
        "KeyFile and CertFile must both be present[key: , cert: " + cert + "]",
        new TlsSettings.Files(cert, "", "", "", "", ""));
    assertOpen(
        "ClientKeyFile and ClientCertFile must both be present or both absent: key: , cert: x]",
        new TlsSettings.Files(cert, key, "x", "", "", ""));
    assertOpen(
        "open /nonexist: no such file or directory",
        new TlsSettings.Files(cert, "/nonexist", "", "", "", ""));
    assertOpen(
        "open /nonexist: no such file or directory",
        new TlsSettings.Files(cert, key, "", "", "/nonexist", ""));
    assertOpen("x509: malformed certificate", new TlsSettings.Files(cert, key, "", "", key, ""));
    Path empty = Files.writeString(folder.resolve("empty"), "");
    assertOpen(
        "no certificate of an authority in " + empty,
        new TlsSettings.Files(cert, key, "", "", empty.toString(), ""));
    assertDoesNotThrow(
        () ->
            TlsContext.open(
                settings(new TlsSettings.Files(cert, key, cert, key, authority.file(), ""))));
  }

  private static void assertOpen(String text, TlsSettings.Files files) {
    assertEquals(
        text,
        assertThrows(TlsException.class, () -> TlsContext.open(settings(files))).getMessage());
  }
}
