package io.sampo.node.auth.jwt;

import java.util.Optional;
import java.util.stream.Stream;

/** The signatures of RFC 7518 and RFC 8037 that etcd knows. */
public enum SigningMethod {
  RS256(Family.RSA, 0),
  RS384(Family.RSA, 0),
  RS512(Family.RSA, 0),
  PS256(Family.RSA, 32),
  PS384(Family.RSA, 48),
  PS512(Family.RSA, 64),
  ES256(Family.ECDSA, 256),
  ES384(Family.ECDSA, 384),
  ES512(Family.ECDSA, 521),
  EDDSA(Family.ED25519, 0),
  HS256(Family.HMAC, 0),
  HS384(Family.HMAC, 0),
  HS512(Family.HMAC, 0);

  /** Methods that take the same keys, with the words of Go's library for them. */
  enum Family {
    RSA("RSA"),
    ECDSA("ECDSA"),
    ED25519("Ed25519"),
    HMAC("HMAC");

    private final String words;

    Family(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private final Family family;
  private final int size;

  SigningMethod(Family family, int size) {
    this.family = family;
    this.size = size;
  }

  /** The method of that name; upper and lower case count. */
  public static Optional<SigningMethod> of(String name) {
    return Stream.of(values()).filter(method -> method.algorithm().equals(name)).findFirst();
  }

  /** The name in a token's header. */
  public String algorithm() {
    return this == EDDSA ? "EdDSA" : name();
  }

  Family family() {
    return family;
  }

  /** Whether this is RSASSA-PSS. */
  boolean isPss() {
    return family == Family.RSA && size > 0;
  }

  /** Of the digest of RSASSA-PSS. */
  int digestBytes() {
    return size;
  }

  /** Of the curve that ECDSA signs on. */
  int curveBits() {
    return size;
  }
}
