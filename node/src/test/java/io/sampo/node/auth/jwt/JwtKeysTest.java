package io.sampo.node.auth.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files are keys, as etcd 3.7.1 takes them; the errors without a PEM type are its own. */
class JwtKeysTest {

  private static JwtKeys read(SigningMethod method, String privateFile, String publicFile)
      throws JwtKeyException {
    return JwtKeys.read(method, KeyFile.read(privateFile), KeyFile.read(publicFile));
  }

  private static String refusal(SigningMethod method, String privateFile, String publicFile) {
    return assertThrows(JwtKeyException.class, () -> read(method, privateFile, publicFile))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "RS256, rsa.pem",
    "PS512, rsa-pkcs1.pem",
    "RS256, rsa-1024.pem",
    "RS256, rsa-512.pem",
    "ES256, ec-256.pem",
    "ES256, ec-256-pkcs8.pem",
    "ES256, ec-384.pem",
    "ES512, ec-521.pem",
    "EDDSA, ed25519.pem",
    "HS256, secret"
  })
  void formsOfPrivateKeys(SigningMethod method, String file) throws JwtKeyException {
    assertTrue(read(method, file, null).signing().isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "RS256, rsa-public.pem",
    "RS256, rsa-public-pkcs1.pem",
    "RS256, rsa-certificate.pem",
    "ES256, ec-256-public.pem",
    "ES256, ec-256-certificate.pem",
    "EDDSA, ed25519-public.pem"
  })
  void formsOfPublicKeys(SigningMethod method, String file) throws JwtKeyException {
    assertTrue(read(method, null, file).signing().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(SigningMethod.class)
  void bothFilesBelongTogether(SigningMethod method) throws JwtKeyException {
    String own = KeyFile.privateOf(method);
    JwtKeys both = read(method, own, KeyFile.publicOf(method));
    assertEquals(read(method, own, null).verifying(), both.verifying());
    assertTrue(both.signing().isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "RS256, rsa-other.pem, rsa-public.pem",
    "ES256, ec-256.pem, ec-384-public.pem",
    "ES384, ec-384.pem, ec-256-certificate.pem"
  })
  void anotherPublicKeyIsRefused(SigningMethod method, String own, String other) {
    assertEquals("auth: public and private keys don't match", refusal(method, own, other));
  }

  @ParameterizedTest
  @EnumSource(SigningMethod.class)
  void withoutAKeyThereIsNothing(SigningMethod method) {
    assertEquals("auth: missing key data", refusal(method, null, null));
  }

  @Test
  void aSecretIsNoPublicKey() {
    assertEquals("auth: missing key data", refusal(SigningMethod.HS256, null, "secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "RS256, ec-256-pkcs8.pem, , RSA private",
    "RS256, ed25519.pem, , RSA private",
    "RS256, , ec-256-public.pem, RSA public",
    "RS256, , ec-256-certificate.pem, RSA public",
    "ES256, rsa.pem, , ECDSA private",
    "ES256, , rsa-public.pem, ECDSA public",
    "EDDSA, rsa.pem, , Ed25519 private",
    "EDDSA, ed448.pem, , Ed25519 private",
    "EDDSA, , rsa-public.pem, Ed25519 public"
  })
  void aKeyOfAnotherKindIsNamed(SigningMethod method, String own, String other, String kind) {
    assertEquals("key is not a valid " + kind + " key", refusal(method, own, other));
  }

  @ParameterizedTest
  @CsvSource({
    "RS256, rsa-public.pem, , PUBLIC KEY",
    "RS256, rsa-certificate.pem, , CERTIFICATE",
    "RS256, ec-256.pem, , EC PRIVATE KEY",
    "RS256, , rsa.pem, PRIVATE KEY",
    "ES256, ec-256-parameters.pem, , EC PARAMETERS",
    "EDDSA, , rsa-certificate.pem, CERTIFICATE"
  })
  void whatTheFirstBlockIsIsSaid(SigningMethod method, String own, String other, String type) {
    assertEquals(
        "auth: %s: the first PEM block (%s) is no such key, or cannot be read"
            .formatted(own == null ? "pub-key" : "priv-key", type),
        refusal(method, own, other));
  }

  @Test
  void anEncryptedKeyIsRefused() {
    String refusal = refusal(SigningMethod.RS256, "rsa-encrypted.pem", null);
    assertTrue(refusal.endsWith("it is encrypted"), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "EDDSA"})
  void whatIsNoPemIsRefused(SigningMethod method) {
    assertEquals(
        "invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key",
        refusal(method, "secret", null));
  }

  @Test
  void onlyTheFirstBlockCountsAndTextAroundItDoesNot() throws JwtKeyException {
    byte[] many = concat("text\n", KeyFile.read("rsa.pem"), KeyFile.read("ec-256.pem"));
    assertFalse(JwtKeys.read(SigningMethod.RS256, many, KeyFile.NONE).signing().isEmpty());
    assertThrows(
        JwtKeyException.class, () -> JwtKeys.read(SigningMethod.ES256, many, KeyFile.NONE));
  }

  private static byte[] concat(String text, byte[]... files) {
    StringBuilder all = new StringBuilder(text);
    for (byte[] file : files) {
      all.append(new String(file, StandardCharsets.US_ASCII));
    }
    return all.toString().getBytes(StandardCharsets.US_ASCII);
  }

  @RepeatedTest(8)
  void publicKeysOfAnyCurveAreFound() throws GeneralSecurityException {
    for (String algorithm : new String[] {"EC", "Ed25519", "RSA"}) {
      KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
      assertEquals(pair.getPublic(), PublicKeys.of(pair.getPrivate()));
    }
    for (int bits : new int[] {256, 384, 521}) {
      KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
      pairs.initialize(bits);
      KeyPair pair = pairs.generateKeyPair();
      assertEquals(pair.getPublic(), PublicKeys.of(pair.getPrivate()));
    }
  }
}
