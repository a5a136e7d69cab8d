package io.sampo.node.auth.jwt;

import io.sampo.node.auth.jwt.SigningMethod.Family;
import io.sampo.node.tls.PemBlock;
import io.sampo.node.tls.PrivateKeys;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import org.wildfly.security.asn1.DEREncoder;

/**
 * Keys in PEM files, in the forms that etcd's library reads for each kind. Only the first block of
 * a file counts, whatever it calls itself. Errors have Go's texts, but for damage inside of a
 * block, which Go describes by its own structures.
 */
final class KeyFiles {
  private static final String RSA_OBJECT_IDENTIFIER = "1.2.840.113549.1.1.1";
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private KeyFiles() {}

  /** A form of a key in DER. */
  private interface Form<K> {
    K read(byte[] der) throws GeneralSecurityException;
  }

  /** PKCS#1 or SEC 1, and PKCS#8; Ed25519 has the latter only. */
  static PrivateKey privateKey(Family family, byte[] file) throws JwtKeyException {
    Form<PrivateKey> pkcs8 = PrivateKeys::ofPkcs8;
    List<Form<PrivateKey>> forms =
        switch (family) {
          case RSA -> List.of(PrivateKeys::ofPkcs1, pkcs8);
          case ECDSA -> List.of(PrivateKeys::ofSec1, pkcs8);
          default -> List.of(pkcs8);
        };
    return checked(family, "private", first(forms, file, "priv-key"));
  }

  /** PKIX; a certificate, but not of Ed25519; PKCS#1. */
  static PublicKey publicKey(Family family, byte[] file) throws JwtKeyException {
    Form<PublicKey> pkix = KeyFiles::ofPkix;
    List<Form<PublicKey>> forms =
        switch (family) {
          case RSA -> List.of(pkix, KeyFiles::ofCertificate, KeyFiles::ofPkcs1);
          case ECDSA -> List.of(pkix, KeyFiles::ofCertificate);
          default -> List.of(pkix);
        };
    return checked(family, "public", first(forms, file, "pub-key"));
  }

  private static <K> K first(List<Form<K>> forms, byte[] file, String option)
      throws JwtKeyException {
    List<PemBlock> blocks = PemBlock.all(file);
    if (blocks.isEmpty()) {
      throw new JwtKeyException("invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key");
    }
    PemBlock block = blocks.get(0);
    GeneralSecurityException last = null;
    for (Form<K> form : forms) {
      try {
        return form.read(block.der());
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw new JwtKeyException(
        "auth: %s: the first PEM block (%s) is no such key, or cannot be read%s"
            .formatted(option, block.type(), block.encrypted() ? ": it is encrypted" : ""),
        last);
  }

  private static <K extends Key> K checked(Family family, String kind, K key)
      throws JwtKeyException {
    boolean fits =
        switch (family) {
          case RSA -> key instanceof RSAKey;
          case ECDSA -> key instanceof ECKey;
          default ->
              key instanceof EdECKey edwards
                  && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName());
        };
    if (!fits) {
      throw new JwtKeyException("key is not a valid " + family.words() + " " + kind + " key");
    }
    return key;
  }

  private static PublicKey ofPkix(byte[] der) throws GeneralSecurityException {
    InvalidKeySpecException last = new InvalidKeySpecException("no algorithm");
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        last = e;
      }
    }
    throw last;
  }

  private static PublicKey ofCertificate(byte[] der) throws CertificateException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(der))
        .getPublicKey();
  }

  private static PublicKey ofPkcs1(byte[] der) throws GeneralSecurityException {
    DEREncoder encoder = new DEREncoder();
    encoder.startSequence();
    encoder.startSequence();
    encoder.encodeObjectIdentifier(RSA_OBJECT_IDENTIFIER);
    encoder.encodeNull();
    encoder.endSequence();
    encoder.encodeBitString(der);
    encoder.endSequence();
    return ofPkix(encoder.getEncoded());
  }
}
