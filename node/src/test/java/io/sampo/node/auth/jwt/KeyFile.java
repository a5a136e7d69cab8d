package io.sampo.node.auth.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The key files of these tests, made by OpenSSL. */
final class KeyFile {
  static final byte[] NONE = {};

  private KeyFile() {}

  static byte[] read(String name) {
    if (name == null) {
      return NONE;
    }
    try (InputStream file = KeyFile.class.getResourceAsStream(name)) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A private key that fits the method. */
  static String privateOf(SigningMethod method) {
    return switch (method.family()) {
      case RSA -> "rsa.pem";
      case ECDSA -> "ec-" + method.curveBits() + ".pem";
      case ED25519 -> "ed25519.pem";
      case HMAC -> "secret";
    };
  }

  /** Its public key, or null. */
  static String publicOf(SigningMethod method) {
    return switch (method.family()) {
      case RSA -> "rsa-public.pem";
      case ECDSA -> "ec-" + method.curveBits() + "-public.pem";
      case ED25519 -> "ed25519-public.pem";
      case HMAC -> null;
    };
  }
}
