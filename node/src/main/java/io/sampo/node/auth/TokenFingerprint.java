package io.sampo.node.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a log may say of a token: etcd's {@code token-fingerprint}. */
public final class TokenFingerprint {
  private static final int BYTES = 6;

  private TokenFingerprint() {}

  /** The first 12 hexadecimal digits of its SHA-256. */
  public static String of(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
