package io.sampo.node.auth;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the {@link TokenProvider} that {@code --auth-token} asks for. */
public final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  private Tokens() {}

  /**
   * What tokens are made with.
   *
   * @param currentMillis since 1970, for the time to live of a JWT
   * @param secrets generators that nobody can predict, for any thread
   */
  public record Sources(
      LongSupplier nanoTime, LongSupplier currentMillis, Supplier<RandomGenerator> secrets) {}

  /**
   * Reads the key files of a JWT.
   *
   * @throws TokenOptionsException if there is no such kind, or its options or keys are no good
   */
  public static TokenProvider open(TokenSettings settings, Sources sources)
      throws TokenOptionsException {
    TokenOptions options = TokenOptions.parse(settings.options());
    switch (options.kind()) {
      case "simple":
        LOG.warn("simple token is not cryptographically signed");
        return new SimpleTokens(
            settings.simpleTimeToLiveNanos(), sources.nanoTime(), sources.secrets());
      case "jwt":
        return new JwtTokens(JwtOptions.read(options.values()), sources.currentMillis());
      case "":
        return new NoTokens();
      default:
        LOG.atWarn()
            .addKeyValue("type", options.kind())
            .addKeyValue("error", TokenOptionsException.INVALID_OPTIONS)
            .log("unknown token type");
        throw new TokenOptionsException(TokenOptionsException.INVALID_OPTIONS);
    }
  }
}
