package io.sampo.node.auth.jwt;

import io.sampo.node.auth.jwt.SigningMethod.Family;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.Optional;
import org.jose4j.keys.HmacKey;

/**
 * The keys of a signing method.
 *
 * @param signing empty if there is only a public key: tokens can be verified and not made
 */
public record JwtKeys(Optional<Key> signing, Key verifying) {

  /**
   * Reads what the files of both keys hold; an empty one counts as none.
   *
   * @throws JwtKeyException if there is no key, or none for this method, or the two do not belong
   *     together
   */
  public static JwtKeys read(SigningMethod method, byte[] privateFile, byte[] publicFile)
      throws JwtKeyException {
    if (method.family() == Family.HMAC) {
      return secret(privateFile);
    }
    if (privateFile.length == 0 && publicFile.length == 0) {
      throw missing();
    }
    Optional<Key> own =
        privateFile.length == 0
            ? Optional.empty()
            : Optional.of(KeyFiles.privateKey(method.family(), privateFile));
    if (publicFile.length == 0) {
      return new JwtKeys(own, publicOf(own.orElseThrow()));
    }
    Key others = KeyFiles.publicKey(method.family(), publicFile);
    if (own.isPresent() && !others.equals(publicOf(own.get()))) {
      throw new JwtKeyException("auth: public and private keys don't match");
    }
    return new JwtKeys(own, others);
  }

  /** The bytes of the file as they are, a line's end among them. A public key is of no interest. */
  private static JwtKeys secret(byte[] file) throws JwtKeyException {
    if (file.length == 0) {
      throw missing();
    }
    Key secret = new HmacKey(file);
    return new JwtKeys(Optional.of(secret), secret);
  }

  private static Key publicOf(Key own) throws JwtKeyException {
    try {
      return PublicKeys.of(own);
    } catch (GeneralSecurityException e) {
      throw new JwtKeyException("auth: the private key has no public key: " + e.getMessage(), e);
    }
  }

  private static JwtKeyException missing() {
    return new JwtKeyException("auth: missing key data");
  }
}
