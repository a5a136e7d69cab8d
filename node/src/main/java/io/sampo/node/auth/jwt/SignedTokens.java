package io.sampo.node.auth.jwt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwa.AlgorithmFactoryFactory;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * Signs and verifies in JWS's compact form (RFC 7515), one method with one key. Keys may be as
 * short as Go takes them. For any thread.
 */
public final class SignedTokens {
  /** Go signs and verifies with none that is shorter. */
  private static final int MIN_RSA_BITS = 1024;

  private final SigningMethod method;
  private final JwtKeys keys;
  private final AlgorithmConstraints constraints;

  /** Takes a third of a second the first time in a process, so that no token does. */
  public SignedTokens(SigningMethod method, JwtKeys keys) {
    AlgorithmFactoryFactory.getInstance();
    this.method = method;
    this.keys = keys;
    this.constraints = new AlgorithmConstraints(ConstraintType.PERMIT, method.algorithm());
  }

  /** Why something was not signed, or is no signature of ours; etcd's text where it has one. */
  public static final class SignatureException extends Exception {
    private static final long serialVersionUID = 1L;

    SignatureException(String message) {
      super(message);
    }

    SignatureException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Whether there is only a public key. */
  public boolean verifiesOnly() {
    return keys.signing().isEmpty();
  }

  /**
   * The token that says this.
   *
   * @throws SignatureException if the key does not fit the method
   */
  public String sign(String payload) throws SignatureException {
    Key key = keys.signing().orElseThrow(() -> new SignatureException("there is no private key"));
    checkSize(key);
    if (key instanceof ECKey elliptic && bits(elliptic) != method.curveBits()) {
      throw new SignatureException("key is invalid");
    }
    JsonWebSignature token = signature(key);
    token.setAlgorithmHeaderValue(method.algorithm());
    token.setHeader("typ", "JWT");
    token.setPayload(payload);
    try {
      return token.getCompactSerialization();
    } catch (JoseException e) {
      throw new SignatureException(e.getMessage(), e);
    }
  }

  /**
   * What a token says.
   *
   * @throws SignatureException if it is no token, or signed in another way or by somebody else
   */
  public String verified(String compact) throws SignatureException {
    checkSize(keys.verifying());
    JsonWebSignature token = signature(keys.verifying());
    try {
      token.setCompactSerialization(compact);
      if (!token.verifySignature() && !isSignedWithTheLongestSalt(compact)) {
        throw new SignatureException("token signature is invalid");
      }
      return token.getUnverifiedPayload();
    } catch (JoseException | RuntimeException e) {
      // The library casts what stands in a header.
      throw new SignatureException("token is malformed: " + e.getMessage(), e);
    }
  }

  private JsonWebSignature signature(Key key) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmConstraints(constraints);
    signature.setKey(key);
    signature.setDoKeyValidation(false);
    return signature;
  }

  private static void checkSize(Key key) throws SignatureException {
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new SignatureException(
          "crypto/rsa: %d-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
              .formatted(rsa.getModulus().bitLength()));
    }
  }

  private static int bits(ECKey key) {
    return key.getParams().getCurve().getField().getFieldSize();
  }

  /**
   * RFC 7518 has a salt as long as the digest. Go takes any length, and makers of tokens have used
   * the longest one, which was the default of their libraries.
   */
  private boolean isSignedWithTheLongestSalt(String compact) {
    if (!method.isPss()) {
      return false;
    }
    int modulusBits = ((RSAKey) keys.verifying()).getModulus().bitLength();
    int salt = (modulusBits - 1 + 7) / 8 - method.digestBytes() - 2;
    String digest = "SHA-" + method.digestBytes() * 8;
    int end = compact.lastIndexOf('.');
    try {
      Signature pss = Signature.getInstance("RSASSA-PSS");
      pss.setParameter(
          new PSSParameterSpec(
              digest,
              "MGF1",
              new MGF1ParameterSpec(digest),
              salt,
              PSSParameterSpec.TRAILER_FIELD_BC));
      pss.initVerify((PublicKey) keys.verifying());
      pss.update(compact.substring(0, end).getBytes(StandardCharsets.US_ASCII));
      return pss.verify(Base64.getUrlDecoder().decode(compact.substring(end + 1)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
