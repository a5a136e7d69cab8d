package io.sampo.node.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.security.auth.x500.X500Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wildfly.security.x500.GeneralName;
import org.wildfly.security.x500.cert.BasicConstraintsExtension;
import org.wildfly.security.x500.cert.ExtendedKeyUsageExtension;
import org.wildfly.security.x500.cert.KeyUsage;
import org.wildfly.security.x500.cert.KeyUsageExtension;
import org.wildfly.security.x500.cert.SubjectAlternativeNamesExtension;
import org.wildfly.security.x500.cert.X509CertificateBuilder;

/**
 * A certificate that a node makes itself and keeps in its data directory, of the same kind and in
 * the same files as etcd's, so that either finds the other's.
 */
public final class SelfSigned {
  private static final Logger LOG = LoggerFactory.getLogger(SelfSigned.class);
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final int SERIAL_BITS = 128;
  private static final int DAYS_OF_A_YEAR = 365;
  private static final int LINE = 64;

  private SelfSigned() {}

  /**
   * The settings to use, after the files were made where they were missing.
   *
   * @param folder is made, for the owner alone
   * @param hosts names and addresses that it is for
   * @param years of validity
   * @throws TlsException with etcd's words
   */
  public static TlsSettings ensure(
      Path folder,
      List<String> hosts,
      long years,
      TlsSettings.Protocol protocol,
      long nowMillis,
      RandomGenerator random)
      throws TlsException {
    if (years == 0) {
      String reason = "selfSignedCertValidity is invalid,it should be greater than 0";
      LOG.atWarn().addKeyValue("error", reason).log("cannot generate cert");
      throw new TlsException(reason);
    }
    Path cert = folder.resolve("cert.pem").toAbsolutePath();
    Path key = folder.resolve("key.pem").toAbsolutePath();
    if (!Files.exists(cert) || !Files.exists(key)) {
      try {
        make(cert, key, hosts, years, nowMillis, random);
      } catch (IOException | GeneralSecurityException e) {
        throw new TlsException("cannot make a certificate in " + folder + ": " + e, e);
      }
    }
    return new TlsSettings(
        new TlsSettings.Files(
            cert.toString(), key.toString(), cert.toString(), key.toString(), "", ""),
        false,
        List.of(),
        List.of(),
        false,
        true,
        protocol);
  }

  private static void make(
      Path cert, Path key, List<String> hosts, long years, long nowMillis, RandomGenerator random)
      throws IOException, GeneralSecurityException {
    var owner = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(cert.getParent(), PosixFilePermissions.asFileAttribute(owner));
    ZonedDateTime now = ZonedDateTime.ofInstant(Instant.ofEpochMilli(nowMillis), ZoneOffset.UTC);
    ZonedDateTime end = now.plusDays(years * DAYS_OF_A_YEAR);
    LOG.atWarn()
        .addKeyValue("certificate-validity-bound-not-after", end.toString())
        .log("automatically generate certificates");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp521r1"));
    java.security.KeyPair pair = generator.generateKeyPair();
    X509Certificate certificate = sign(pair, hosts, now, end, random);
    write(cert, "CERTIFICATE", certificate.getEncoded(), "rw-r--r--");
    LOG.atInfo().addKeyValue("path", cert).log("created cert file");
    write(key, "PRIVATE KEY", pair.getPrivate().getEncoded(), "rw-------");
    LOG.atInfo().addKeyValue("path", key).log("created key file");
  }

  private static X509Certificate sign(
      java.security.KeyPair pair,
      List<String> hosts,
      ZonedDateTime from,
      ZonedDateTime to,
      RandomGenerator random)
      throws GeneralSecurityException {
    List<GeneralName> names = new ArrayList<>();
    for (String host : hosts) {
      names.add(
          CertificateNames.isAddress(host)
              ? new GeneralName.IPAddress(address(host))
              : new GeneralName.DNSName(host));
    }
    byte[] serial = new byte[SERIAL_BITS / Byte.SIZE];
    random.nextBytes(serial);
    X500Principal name = new X500Principal("O=etcd");
    X509CertificateBuilder builder =
        new X509CertificateBuilder()
            .setSerialNumber(new BigInteger(1, serial).add(BigInteger.ONE))
            .setSubjectDn(name)
            .setIssuerDn(name)
            .setNotValidBefore(from)
            .setNotValidAfter(to)
            .setPublicKey(pair.getPublic())
            .setSigningKey(pair.getPrivate())
            .setSignatureAlgorithmName("SHA512withECDSA")
            .addExtension(
                new KeyUsageExtension(
                    KeyUsage.keyEncipherment, KeyUsage.digitalSignature, KeyUsage.cRLSign))
            .addExtension(new ExtendedKeyUsageExtension(false, List.of(SERVER_AUTH)))
            .addExtension(new BasicConstraintsExtension(true, true, -1))
            .addExtension(new SubjectAlternativeNamesExtension(false, names));
    return builder.build();
  }

  private static byte[] address(String literal) throws GeneralSecurityException {
    try {
      return InetAddress.getByName(literal).getAddress();
    } catch (UnknownHostException e) {
      throw new GeneralSecurityException("not an address: " + literal, e);
    }
  }

  private static void write(Path file, String type, byte[] der, String permissions)
      throws IOException {
    byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, Base64.getMimeEncoder(LINE, newline).encodeToString(der), type);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    Files.writeString(file, text, StandardOpenOption.WRITE);
  }
}
