package io.sampo.node.auth;

import io.sampo.node.auth.jwt.JwtKeyException;
import io.sampo.node.auth.jwt.JwtKeys;
import io.sampo.node.auth.jwt.SignedTokens;
import io.sampo.node.auth.jwt.SigningMethod;
import io.sampo.node.boot.flag.GoDuration;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import io.sampo.node.tls.TlsException;
import io.sampo.node.tls.TlsFiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands behind {@code jwt} in {@code --auth-token}. An empty value counts as none.
 *
 * @param timeToLiveNanos from when a token is made; may be negative
 */
record JwtOptions(SignedTokens tokens, long timeToLiveNanos) {
  private static final Logger LOG = LoggerFactory.getLogger(JwtOptions.class);
  private static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofMinutes(5);
  private static final Set<String> KNOWN = Set.of("sign-method", "pub-key", "priv-key", "ttl");

  /** The one method that etcd's library knows and etcd does not take. */
  private static final String NONE = "none";

  /**
   * Reads the key files.
   *
   * @throws TokenOptionsException with etcd's text
   */
  static JwtOptions read(Map<String, String> values) throws TokenOptionsException {
    long timeToLive;
    byte[] publicFile;
    byte[] privateFile;
    String name = values.getOrDefault("sign-method", "");
    Optional<SigningMethod> method = SigningMethod.of(name);
    try {
      timeToLive = timeToLive(values.getOrDefault("ttl", ""));
      publicFile = file(values.getOrDefault("pub-key", ""));
      privateFile = file(values.getOrDefault("priv-key", ""));
      if (method.isEmpty() && !name.equals(NONE)) {
        throw new TokenOptionsException("auth: invalid auth signature method");
      }
    } catch (SyntaxException | TlsException | TokenOptionsException e) {
      LOG.atError().addKeyValue("error", e.getMessage()).log("problem loading JWT options");
      throw new TokenOptionsException(TokenOptionsException.INVALID_OPTIONS, e);
    }
    warnOfUnknown(values);
    if (method.isEmpty()) {
      throw new TokenOptionsException("unsupported signing method: *jwt.signingMethodNone");
    }
    try {
      JwtKeys keys = JwtKeys.read(method.get(), privateFile, publicFile);
      return new JwtOptions(new SignedTokens(method.get(), keys), timeToLive);
    } catch (JwtKeyException e) {
      throw new TokenOptionsException(e.getMessage(), e);
    }
  }

  private static long timeToLive(String text) throws SyntaxException {
    return text.isEmpty() ? DEFAULT_TIME_TO_LIVE.toNanos() : GoDuration.parseNanos(text);
  }

  private static byte[] file(String name) throws TlsException {
    return name.isEmpty() ? new byte[0] : TlsFiles.read(name);
  }

  private static void warnOfUnknown(Map<String, String> values) {
    List<String> unknown = values.keySet().stream().filter(name -> !KNOWN.contains(name)).toList();
    if (!unknown.isEmpty()) {
      LOG.atWarn().addKeyValue("keys", unknown).log("unknown JWT options");
    }
  }
}
