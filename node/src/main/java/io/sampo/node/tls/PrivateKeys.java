package io.sampo.node.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.wildfly.security.asn1.ASN1;
import org.wildfly.security.asn1.ASN1Exception;
import org.wildfly.security.asn1.DERDecoder;
import org.wildfly.security.asn1.DEREncoder;

/**
 * Keys in the three forms of PEM files: PKCS#8, and the older PKCS#1 (RSA) and SEC 1 (elliptic
 * curves), which Java only reads wrapped into PKCS#8.
 */
public final class PrivateKeys {
  private static final String RSA = "1.2.840.113549.1.1.1";
  private static final String ELLIPTIC_CURVE = "1.2.840.10045.2.1";
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private PrivateKeys() {}

  /**
   * The key of a block.
   *
   * @throws TlsException if it is encrypted, damaged, or of a kind that Java does not know
   */
  static PrivateKey parse(PemBlock block) throws TlsException {
    if (block.encrypted()) {
      throw new TlsException("tls: the private key is encrypted; only plain keys can be used");
    }
    try {
      return switch (block.type()) {
        case "RSA PRIVATE KEY" -> ofPkcs1(block.der());
        case "EC PRIVATE KEY" -> ofSec1(block.der());
        default -> ofPkcs8(block.der());
      };
    } catch (GeneralSecurityException e) {
      throw new TlsException("tls: failed to parse private key", e);
    }
  }

  /** An RSA key of PKCS#1. */
  public static PrivateKey ofPkcs1(byte[] der) throws GeneralSecurityException {
    return ofPkcs8(wrapRsa(der));
  }

  /** A key on an elliptic curve, of SEC 1. */
  public static PrivateKey ofSec1(byte[] der) throws GeneralSecurityException {
    try {
      return ofPkcs8(wrapEllipticCurve(der));
    } catch (ASN1Exception e) {
      throw new InvalidKeySpecException(e);
    }
  }

  /** A key of any kind, of PKCS#8. */
  public static PrivateKey ofPkcs8(byte[] der) throws GeneralSecurityException {
    InvalidKeySpecException last = new InvalidKeySpecException("no algorithm");
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        last = e;
      }
    }
    throw last;
  }

  private static byte[] wrapRsa(byte[] pkcs1) {
    DEREncoder encoder = begin(RSA);
    encoder.encodeNull();
    return end(encoder, pkcs1);
  }

  /** The curve stands inside of the key (RFC 5915) and must stand in front of it. */
  private static byte[] wrapEllipticCurve(byte[] sec1) {
    DERDecoder decoder = new DERDecoder(sec1);
    decoder.startSequence();
    decoder.decodeInteger();
    decoder.decodeOctetString();
    if (!decoder.isNextType(ASN1.CONTEXT_SPECIFIC_MASK, 0, true)) {
      throw new ASN1Exception("the key does not name its curve");
    }
    decoder.startExplicit(0);
    String curve = decoder.decodeObjectIdentifier();
    DEREncoder encoder = begin(ELLIPTIC_CURVE);
    encoder.encodeObjectIdentifier(curve);
    return end(encoder, sec1);
  }

  private static DEREncoder begin(String algorithm) {
    DEREncoder encoder = new DEREncoder();
    encoder.startSequence();
    encoder.encodeInteger(BigInteger.ZERO);
    encoder.startSequence();
    encoder.encodeObjectIdentifier(algorithm);
    return encoder;
  }

  private static byte[] end(DEREncoder encoder, byte[] key) {
    encoder.endSequence();
    encoder.encodeOctetString(key);
    encoder.endSequence();
    return encoder.getEncoded();
  }
}
