package io.sampo.node.auth.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.auth.jwt.SignedTokens.SignatureException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedTokensTest {
  private static final String SAID = "{\"username\":\"älice\"}";

  private static SignedTokens tokens(SigningMethod method, String own, String other) {
    try {
      return new SignedTokens(method, JwtKeys.read(method, KeyFile.read(own), KeyFile.read(other)));
    } catch (JwtKeyException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static SignedTokens both(SigningMethod method) {
    return tokens(method, KeyFile.privateOf(method), KeyFile.publicOf(method));
  }

  private static String refusal(SignedTokens tokens, String token) {
    return assertThrows(SignatureException.class, () -> tokens.verified(token)).getMessage();
  }

  @ParameterizedTest
  @CsvFileSource(resources = "tokens.csv", delimiter = '|', numLinesToSkip = 1)
  void tokensOfGoAreVerified(String algorithm, String token) throws SignatureException {
    SigningMethod method = SigningMethod.of(algorithm).orElseThrow();
    assertEquals(
        "{\"exp\":4102444800,\"revision\":7,\"username\":\"älice\"}", both(method).verified(token));
    for (SigningMethod other : SigningMethod.values()) {
      if (other != method) {
        assertThrows(SignatureException.class, () -> both(other).verified(token), other.name());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SigningMethod.class)
  void whatIsSignedIsVerifiedWithThePublicKeyAlone(SigningMethod method) throws SignatureException {
    String token = tokens(method, KeyFile.privateOf(method), null).sign(SAID);
    SignedTokens verifying =
        method.family() == SigningMethod.Family.HMAC
            ? both(method)
            : tokens(method, null, KeyFile.publicOf(method));
    assertEquals(method.family() != SigningMethod.Family.HMAC, verifying.verifiesOnly());
    assertEquals(SAID, verifying.verified(token));
  }

  @ParameterizedTest
  @EnumSource(SigningMethod.class)
  void aTokenThatWasTouchedIsNone(SigningMethod method) throws SignatureException {
    SignedTokens tokens = both(method);
    String[] parts = tokens.sign(SAID).split("\\.");
    String other = Base64.getUrlEncoder().withoutPadding().encodeToString("{}".getBytes());
    assertThrows(
        SignatureException.class, () -> tokens.verified(parts[0] + "." + other + "." + parts[2]));
    String touched = (parts[2].startsWith("A") ? "B" : "A") + parts[2].substring(1);
    assertThrows(
        SignatureException.class, () -> tokens.verified(parts[0] + "." + parts[1] + "." + touched));
    assertThrows(
        SignatureException.class, () -> tokens.verified(parts[0] + "." + parts[1] + ".AAAA"));
    assertThrows(SignatureException.class, () -> tokens.verified(parts[0] + "." + parts[1] + "."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "...",
        "a",
        "a.b",
        "a.b.c",
        "e30.e30.",
        "e30.e30.e30",
        "a.b.c.d.e",
        "eyJhbGciOjV9.e30.AAAA",
        "eyJhbGciOiJub25lIn0.e30.",
        "abcdefghijklmnop.17",
        "\u00e4.\u00e4.\u00e4"
      })
  void whatIsNoTokenIsRefused(String token) {
    for (SigningMethod method : SigningMethod.values()) {
      assertThrows(SignatureException.class, () -> both(method).verified(token), method.name());
    }
  }

  /** The public key as the secret of an HMAC: the classic way around a signature. */
  @Test
  void aPublicKeyIsNoSecret() throws Exception {
    byte[] key = KeyFile.read("rsa-public.pem");
    String forged =
        new SignedTokens(SigningMethod.HS256, JwtKeys.read(SigningMethod.HS256, key, KeyFile.NONE))
            .sign(SAID);
    assertThrows(SignatureException.class, () -> both(SigningMethod.RS256).verified(forged));
  }

  @Test
  void shortSecretsAreTakenAsInGo() throws Exception {
    byte[] secret = "x".getBytes(StandardCharsets.US_ASCII);
    for (SigningMethod method :
        new SigningMethod[] {SigningMethod.HS256, SigningMethod.HS384, SigningMethod.HS512}) {
      SignedTokens tokens = new SignedTokens(method, JwtKeys.read(method, secret, KeyFile.NONE));
      assertEquals(SAID, tokens.verified(tokens.sign(SAID)));
    }
  }

  @Test
  void keysOf1024BitsAreTakenAndShorterOnesNot() throws SignatureException {
    for (SigningMethod method :
        new SigningMethod[] {SigningMethod.RS512, SigningMethod.PS256, SigningMethod.PS384}) {
      SignedTokens tokens = tokens(method, "rsa-1024.pem", null);
      assertEquals(SAID, tokens.verified(tokens.sign(SAID)));
    }
    SignedTokens tooShort = tokens(SigningMethod.RS256, "rsa-512.pem", null);
    String refusal = assertThrows(SignatureException.class, () -> tooShort.sign(SAID)).getMessage();
    assertTrue(refusal.startsWith("crypto/rsa: 512-bit keys are insecure (see https"), refusal);
    assertEquals(refusal, refusal(tooShort, both(SigningMethod.RS256).sign(SAID)));
  }

  @Test
  void aKeyOnAnotherCurveSignsNothing() throws SignatureException {
    SignedTokens tokens = tokens(SigningMethod.ES256, "ec-384.pem", null);
    assertEquals(
        "key is invalid",
        assertThrows(SignatureException.class, () -> tokens.sign(SAID)).getMessage());
    assertThrows(
        SignatureException.class, () -> tokens.verified(both(SigningMethod.ES256).sign(SAID)));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "claims.csv", delimiter = '|', numLinesToSkip = 1)
  void goTakesTheLongestSaltToo(String name, String token) throws SignatureException {
    if (name.equals("PSS")) {
      assertEquals(
          "{\"username\":\"alice\",\"revision\":7}", both(SigningMethod.PS256).verified(token));
      assertThrows(SignatureException.class, () -> both(SigningMethod.RS256).verified(token));
    }
    if (name.equals("none")) {
      assertThrows(SignatureException.class, () -> both(SigningMethod.RS256).verified(token));
    }
  }

  @Test
  void namesOfMethodsAreExact() {
    assertTrue(SigningMethod.of("EdDSA").isPresent());
    for (String name : new String[] {"", "none", "EDDSA", "rs256", "ES256K"}) {
      assertFalse(SigningMethod.of(name).isPresent(), name);
    }
  }
}
