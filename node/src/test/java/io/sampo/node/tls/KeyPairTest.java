package io.sampo.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wildfly.security.asn1.DERDecoder;
import org.wildfly.security.asn1.DEREncoder;

/** Every form of key that tools write is read, and what is none is refused in Go's words. */
class KeyPairTest {
  @TempDir Path folder;
  private Authority authority;

  @BeforeEach
  void makeAuthority() throws Exception {
    authority = new Authority(folder, "ca");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void pkcs8(String algorithm) throws Exception {
    Authority.Issued issued = authority.issueWith(algorithm, "leaf", "localhost");
    KeyPair pair = KeyPair.parse(bytes(issued.cert()), bytes(issued.key()));
    assertEquals(issued.pair().getPrivate(), pair.key());
    assertEquals(issued.certificate(), pair.chain().get(0));
  }

  @Test
  void pkcs1() throws Exception {
    Authority.Issued issued = authority.issueWith("RSA", "leaf", "localhost");
    byte[] pem = pem("RSA PRIVATE KEY", inner(issued.pair().getPrivate().getEncoded()));
    KeyPair pair = KeyPair.parse(bytes(issued.cert()), pem);
    assertEquals(issued.pair().getPrivate(), pair.key());
  }

  @Test
  void sec1WithItsCurve() throws Exception {
    Authority.Issued issued = authority.issue("leaf", "localhost");
    byte[] pem = pem("EC PRIVATE KEY", sec1((ECPrivateKey) issued.pair().getPrivate()));
    KeyPair pair = KeyPair.parse(bytes(issued.cert()), pem);
    assertEquals(
        ((ECPrivateKey) issued.pair().getPrivate()).getS(), ((ECPrivateKey) pair.key()).getS());
  }

  @Test
  void chainKeepsItsOrderAndTextAroundItIsSkipped() throws Exception {
    Authority.Issued issued = authority.issue("leaf", "localhost");
    String file =
        "subject=leaf\n"
            + Files.readString(Path.of(issued.cert()))
            + "issuer: ca\r\n"
            + Files.readString(Path.of(authority.file()));
    KeyPair pair = KeyPair.parse(file.getBytes(StandardCharsets.US_ASCII), bytes(issued.key()));
    assertEquals(2, pair.chain().size());
    assertEquals(issued.certificate(), pair.chain().get(0));
  }

  @Test
  void encryptedKeysAreRefused() throws Exception {
    Authority.Issued issued = authority.issue("leaf", "localhost");
    String expected = "tls: the private key is encrypted; only plain keys can be used";
    assertRefused(expected, bytes(issued.cert()), pem("ENCRYPTED PRIVATE KEY", new byte[20]));
    String old =
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"
            + "AAAA\n-----END RSA PRIVATE KEY-----\n";
    assertRefused(expected, bytes(issued.cert()), old.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void whatDoesNotBelongTogetherIsRefused() throws Exception {
    Authority.Issued one = authority.issue("one", "localhost");
    Authority.Issued two = authority.issue("two", "localhost");
    Authority.Issued rsa = authority.issueWith("RSA", "rsa", "localhost");
    assertRefused(
        "tls: private key does not match public key", bytes(one.cert()), bytes(two.key()));
    assertRefused(
        "tls: private key type does not match public key type",
        bytes(one.cert()),
        bytes(rsa.key()));
    assertRefused(
        "tls: failed to find certificate PEM data in certificate input, but did find a private"
            + " key; PEM inputs may have been switched",
        bytes(one.key()),
        bytes(one.cert()));
    assertRefused(
        "tls: found a certificate rather than a key in the PEM for the private key",
        bytes(one.cert()),
        bytes(one.cert()));
  }

  @Test
  void garbageIsRefused() throws Exception {
    Authority.Issued issued = authority.issue("leaf", "localhost");
    byte[] garbage = {(byte) 0xff, 0, 7, '-', '-', '\n'};
    assertRefused(
        "tls: failed to find any PEM data in certificate input", garbage, bytes(issued.key()));
    assertRefused("tls: failed to find any PEM data in key input", bytes(issued.cert()), garbage);
    for (String type : new String[] {"RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"}) {
      assertRefused(
          "tls: failed to parse private key", bytes(issued.cert()), pem(type, new byte[9]));
      assertRefused(
          "tls: failed to parse private key",
          bytes(issued.cert()),
          pem(type, new byte[] {0x30, (byte) 0x84, 127, 127, 127, 127, 2}));
    }
    assertRefused(
        "x509: malformed certificate", pem("CERTIFICATE", new byte[9]), bytes(issued.key()));
  }

  @Test
  void aReplacedFileCountsAtOnce() throws Exception {
    Authority.Issued first = authority.issue("leaf", "localhost");
    var files = new KeyPairFiles(first.cert(), first.key());
    assertEquals(first.certificate(), files.read().chain().get(0));
    Authority.Issued second = authority.issue("leaf", "localhost");
    assertEquals(second.certificate(), files.read().chain().get(0));
    Files.delete(Path.of(second.key()));
    TlsException missing = assertThrows(TlsException.class, files::read);
    assertEquals("open " + second.key() + ": no such file or directory", missing.getMessage());
  }

  private static void assertRefused(String text, byte[] cert, byte[] key) {
    assertEquals(
        text, assertThrows(TlsException.class, () -> KeyPair.parse(cert, key)).getMessage());
  }

  /** As {@code openssl ecparam -genkey} writes it (RFC 5915). */
  private static byte[] sec1(ECPrivateKey key) {
    byte[] number = new byte[32];
    byte[] minimal = key.getS().toByteArray();
    int length = Math.min(minimal.length, number.length);
    System.arraycopy(minimal, minimal.length - length, number, number.length - length, length);
    DEREncoder encoder = new DEREncoder();
    encoder.startSequence();
    encoder.encodeInteger(BigInteger.ONE);
    encoder.encodeOctetString(number);
    encoder.startExplicit(0);
    encoder.encodeObjectIdentifier("1.2.840.10045.3.1.7");
    encoder.endExplicit();
    encoder.endSequence();
    return encoder.getEncoded();
  }

  /** What PKCS#8 wraps. */
  private static byte[] inner(byte[] pkcs8) {
    DERDecoder decoder = new DERDecoder(pkcs8);
    decoder.startSequence();
    decoder.decodeInteger();
    decoder.skipElement();
    return decoder.decodeOctetString();
  }

  private static byte[] pem(String type, byte[] der) {
    return Authority.pem(type, der).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String file) throws Exception {
    return Files.readAllBytes(Path.of(file));
  }
}
