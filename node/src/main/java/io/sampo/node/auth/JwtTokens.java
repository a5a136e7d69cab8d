package io.sampo.node.auth;

import io.grpc.Status;
import io.sampo.node.auth.JwtClaims.ClaimsException;
import io.sampo.node.auth.jwt.SignedTokens;
import io.sampo.node.auth.jwt.SignedTokens.SignatureException;
import io.sampo.protocol.error.EtcdException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens that say who has them, and until when, under a signature. No member keeps them and nobody
 * can call them back: they end by their time, or by an auth revision that is newer than theirs.
 *
 * <p>To verify a signature takes 0.1 ms (RSA) to some ms (curves): it is done once for a token that
 * comes again and again.
 */
public final class JwtTokens implements TokenProvider {
  private static final Logger LOG = LoggerFactory.getLogger(JwtTokens.class);

  /** Whose signature is known to be good: 4 MB at the usual 1 KB. */
  static final int MAX_VERIFIED = 4_096;

  private final SignedTokens tokens;
  private final long timeToLiveNanos;
  private final LongSupplier currentMillis;

  /** By last use, the oldest first. */
  private final Map<String, JwtClaims> verified = new LinkedHashMap<>(16, 0.75f, true);

  JwtTokens(JwtOptions options, LongSupplier currentMillis) {
    this.tokens = options.tokens();
    this.timeToLiveNanos = options.timeToLiveNanos();
    this.currentMillis = currentMillis;
  }

  @Override
  public Caller caller(String token, long authRevision) {
    try {
      JwtClaims claims = known(token);
      if (claims == null) {
        claims = JwtClaims.parse(tokens.verified(token));
        remember(token, claims);
      }
      String refusal = claims.refusal(currentMillis.getAsLong());
      if (refusal == null) {
        return claims.caller();
      }
      LOG.atWarn().addKeyValue("error", refusal).log("failed to parse a JWT token");
    } catch (SignatureException e) {
      LOG.atWarn().addKeyValue("error", e.getMessage()).log("failed to parse a JWT token");
    } catch (ClaimsException e) {
      LOG.warn(e.getMessage());
    }
    return null;
  }

  private JwtClaims known(String token) {
    synchronized (verified) {
      return verified.get(token);
    }
  }

  private void remember(String token, JwtClaims claims) {
    synchronized (verified) {
      verified.put(token, claims);
      if (verified.size() > MAX_VERIFIED) {
        verified.remove(verified.keySet().iterator().next());
      }
    }
  }

  @Override
  public String prefix() {
    return "";
  }

  /** Signs, which takes some milliseconds: only for a client that waits. For any thread. */
  @Override
  public String assign(String user, long authRevision, String simpleToken) throws EtcdException {
    if (tokens.verifiesOnly()) {
      throw new EtcdException(
          Status.Code.UNKNOWN, "auth: token signing attempted with verify-only key");
    }
    try {
      String token = tokens.sign(JwtClaims.text(user, authRevision, expiry()));
      LOG.atDebug()
          .addKeyValue("user-name", user)
          .addKeyValue("revision", authRevision)
          .addKeyValue("token-fingerprint", () -> TokenFingerprint.of(token))
          .log("created/assigned a new JWT token");
      return token;
    } catch (SignatureException e) {
      LOG.atDebug()
          .addKeyValue("user-name", user)
          .addKeyValue("revision", authRevision)
          .addKeyValue("error", e.getMessage())
          .log("failed to sign a JWT token");
      throw new EtcdException(Status.Code.UNKNOWN, e.getMessage());
    }
  }

  /** In seconds since 1970. */
  private long expiry() {
    return Math.floorDiv(currentMillis.getAsLong() + timeToLiveNanos / 1_000_000, 1000);
  }

  @Override
  public void enable() {}

  @Override
  public void disable() {}

  @Override
  public void forget(String user) {}
}
