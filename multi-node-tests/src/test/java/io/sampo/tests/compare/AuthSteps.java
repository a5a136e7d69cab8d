package io.sampo.tests.compare;

import io.sampo.tests.process.ServerProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Users, roles, tokens, and every method in the name of this and that user. */
final class AuthSteps {

  private static final int RANDOM_LINES = 250;

  /** Hashing is quick then. */
  private static final String QUICK = "--bcrypt-cost=4";

  private AuthSteps() {}

  /** Runs the scripts {@code compare/auth-….txt} and a random one, each on servers of its own. */
  static Comparison compare(ServerProgram etcd, ServerProgram other, long seed) {
    return Comparison.run(etcd, other, script("users"), QUICK)
        .and(Comparison.run(etcd, other, script("requests"), QUICK))
        .and(Comparison.run(etcd, other, script("tokens"), QUICK, "--auth-token-ttl=7"))
        .and(Comparison.run(etcd, other, random(seed), QUICK));
  }

  private static List<Step> random(long seed) {
    return AuthScript.parse("seed " + seed, RandomAuthLines.all(seed, RANDOM_LINES));
  }

  private static List<Step> script(String name) {
    String file = "/compare/auth-" + name + ".txt";
    try (InputStream bytes = AuthSteps.class.getResourceAsStream(file);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
      return AuthScript.parse(name, reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
