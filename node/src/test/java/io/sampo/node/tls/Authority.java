package io.sampo.node.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.wildfly.security.asn1.DEREncoder;
import org.wildfly.security.x500.GeneralName;
import org.wildfly.security.x500.cert.BasicConstraintsExtension;
import org.wildfly.security.x500.cert.SubjectAlternativeNamesExtension;
import org.wildfly.security.x500.cert.X509CertificateBuilder;

/** Signs certificates for tests; keys are made anew for each of them. */
public final class Authority {
  private static final ZonedDateTime START =
      ZonedDateTime.of(2020, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private final Path folder;
  private final String name;
  private final KeyPair pair;
  private final X509Certificate certificate;
  private long serial = 1;

  /** Writes its own certificate to {@link #file()}. */
  public Authority(Path folder, String name) throws Exception {
    this.folder = folder;
    this.name = name;
    this.pair = newPair("EC");
    this.certificate =
        builder(name, pair).addExtension(new BasicConstraintsExtension(true, true, -1)).build();
    write(folder.resolve(name + ".crt"), "CERTIFICATE", certificate.getEncoded());
  }

  /** A certificate and its key, as files. */
  public record Issued(X509Certificate certificate, KeyPair pair, String cert, String key) {}

  public String file() {
    return folder.resolve(name + ".crt").toString();
  }

  /** For these hosts and addresses, in files named after the common name. */
  public Issued issue(String commonName, String... hosts) throws Exception {
    return issueWith("EC", commonName, hosts);
  }

  Issued issueWith(String algorithm, String commonName, String... hosts) throws Exception {
    KeyPair own = newPair(algorithm);
    List<GeneralName> names = new ArrayList<>();
    for (String host : hosts) {
      names.add(
          CertificateNames.isAddress(host)
              ? new GeneralName.IPAddress(InetAddress.getByName(host).getAddress())
              : new GeneralName.DNSName(host));
    }
    X509CertificateBuilder builder = builder(commonName, own);
    if (!names.isEmpty()) {
      builder.addExtension(new SubjectAlternativeNamesExtension(false, names));
    }
    X509Certificate issued = builder.build();
    Path cert = folder.resolve(commonName + ".crt");
    Path key = folder.resolve(commonName + ".key");
    write(cert, "CERTIFICATE", issued.getEncoded());
    write(key, "PRIVATE KEY", own.getPrivate().getEncoded());
    return new Issued(issued, own, cert.toString(), key.toString());
  }

  /** A list in DER with one entry, whose signature nobody looks at. */
  public byte[] revoke(Issued issued) {
    DEREncoder encoder = new DEREncoder();
    encoder.startSequence();
    encoder.startSequence();
    encoder.encodeInteger(BigInteger.ONE);
    algorithm(encoder);
    encoder.writeEncoded(new X500Principal("CN=" + name).getEncoded());
    encoder.encodeGeneralizedTime(START);
    encoder.encodeGeneralizedTime(START.plusYears(100));
    encoder.startSequence();
    encoder.startSequence();
    encoder.encodeInteger(issued.certificate().getSerialNumber());
    encoder.encodeGeneralizedTime(START);
    encoder.endSequence();
    encoder.endSequence();
    encoder.endSequence();
    algorithm(encoder);
    encoder.encodeBitString(new byte[8]);
    encoder.endSequence();
    return encoder.getEncoded();
  }

  private static void algorithm(DEREncoder encoder) {
    encoder.startSequence();
    encoder.encodeObjectIdentifier("1.2.840.10045.4.3.2");
    encoder.endSequence();
  }

  private X509CertificateBuilder builder(String commonName, KeyPair own) {
    return new X509CertificateBuilder()
        .setSerialNumber(BigInteger.valueOf(serial++))
        .setSubjectDn(new X500Principal("CN=" + commonName))
        .setIssuerDn(new X500Principal("CN=" + name))
        .setNotValidBefore(START)
        .setNotValidAfter(START.plusYears(100))
        .setPublicKey(own.getPublic())
        .setSigningKey(pair.getPrivate())
        .setSignatureAlgorithmName("SHA256withECDSA");
  }

  private static KeyPair newPair(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    } else if (algorithm.equals("RSA")) {
      generator.initialize(2048);
    }
    return generator.generateKeyPair();
  }

  static String pem(String type, byte[] der) {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, base64, type);
  }

  private static void write(Path file, String type, byte[] der) throws IOException {
    Files.writeString(file, pem(type, der));
  }
}
