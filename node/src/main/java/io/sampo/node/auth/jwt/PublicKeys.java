package io.sampo.node.auth.jwt;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.KeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.KeyAgreement;

/**
 * The public key that belongs to a private one, which Java only knows of RSA.
 *
 * <p>On a curve it is the private number times the curve's base point. A key agreement computes
 * such products, but says one coordinate only; the other one is one of two numbers, and what the
 * private key has signed tells which.
 */
final class PublicKeys {
  private static final BigInteger TWO = BigInteger.TWO;
  private static final byte[] ANYTHING = {1, 2, 3};

  /** Of the field of Curve25519. */
  private static final BigInteger P_25519 = TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** The base point of X25519, the same point as Ed25519's (RFC 7748, section 4.1). */
  private static final BigInteger BASE_U = BigInteger.valueOf(9);

  private PublicKeys() {}

  /**
   * Its public key.
   *
   * @throws GeneralSecurityException if it is none of RSA, an elliptic curve or Ed25519
   */
  static PublicKey of(Key key) throws GeneralSecurityException {
    if (key instanceof RSAPrivateCrtKey rsa) {
      return KeyFactory.getInstance("RSA")
          .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
    }
    if (key instanceof ECPrivateKey elliptic) {
      return ofElliptic(elliptic);
    }
    if (key instanceof EdECPrivateKey edwards) {
      return ofEdwards(edwards);
    }
    throw new InvalidKeyException("a key of " + key.getAlgorithm());
  }

  private static PublicKey ofElliptic(ECPrivateKey key) throws GeneralSecurityException {
    ECParameterSpec curve = key.getParams();
    KeyFactory keys = KeyFactory.getInstance("EC");
    KeyAgreement product = KeyAgreement.getInstance("ECDH");
    product.init(key);
    product.doPhase(keys.generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)), true);
    BigInteger x = new BigInteger(1, product.generateSecret());
    BigInteger y = height(curve.getCurve(), x);
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    return theOneOf(
        key,
        "SHA256withECDSA",
        keys,
        List.of(
            new ECPublicKeySpec(new ECPoint(x, y), curve),
            new ECPublicKeySpec(new ECPoint(x, p.subtract(y)), curve)));
  }

  /** One of the two y of a point. The primes of the NIST's curves are 3 (mod 4). */
  private static BigInteger height(EllipticCurve curve, BigInteger x) {
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger square = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB()).mod(p);
    return square.modPow(p.add(BigInteger.ONE).divide(BigInteger.valueOf(4)), p);
  }

  /** The private number is the first half of a digest (RFC 8032, section 5.1.5). */
  private static PublicKey ofEdwards(EdECPrivateKey key) throws GeneralSecurityException {
    byte[] seed = key.getBytes().orElseThrow(() -> new InvalidKeyException("it has no bytes"));
    byte[] number = Arrays.copyOf(MessageDigest.getInstance("SHA-512").digest(seed), 32);
    KeyFactory montgomery = KeyFactory.getInstance("X25519");
    KeyAgreement product = KeyAgreement.getInstance("X25519");
    product.init(
        montgomery.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, number)));
    product.doPhase(
        montgomery.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BASE_U)), true);
    BigInteger y = edwards(littleEndian(product.generateSecret()));
    return theOneOf(
        key,
        "Ed25519",
        KeyFactory.getInstance("Ed25519"),
        List.of(
            new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(false, y)),
            new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(true, y))));
  }

  /** The y of Ed25519 for a u of X25519 (RFC 7748, section 4.1). */
  private static BigInteger edwards(BigInteger u) {
    BigInteger inverse = u.add(BigInteger.ONE).modInverse(P_25519);
    return u.subtract(BigInteger.ONE).multiply(inverse).mod(P_25519);
  }

  private static BigInteger littleEndian(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  private static PublicKey theOneOf(
      PrivateKey key, String algorithm, KeyFactory keys, List<? extends KeySpec> candidates)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(ANYTHING);
    byte[] signed = signature.sign();
    for (KeySpec candidate : candidates) {
      PublicKey verifying = keys.generatePublic(candidate);
      signature.initVerify(verifying);
      signature.update(ANYTHING);
      if (signature.verify(signed)) {
        return verifying;
      }
    }
    throw new InvalidKeyException("it does not sign");
  }
}
