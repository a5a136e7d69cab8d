package io.sampo.tests.compare;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.tests.process.ServerProgram;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No answer differs from etcd's but for the reasons in the list. */
class CompareTest {

  private static final String NO_SAME_VERSION = "no etcd 3.7.1: name one with -Dsampo.etcd=FILE";

  private static final long SEED = Long.getLong("sampo.compare.seed", 1);

  @Test
  void answersAreThoseOfTheEtcdInThePath() {
    compare(ServerProgram.etcdOfPath(), "no etcd in the PATH");
  }

  @Test
  void answersAreThoseOfTheSameVersion() {
    compare(ServerProgram.etcdOfSameVersion(), NO_SAME_VERSION);
  }

  @Test
  void usersRolesAndTokensAreThoseOfTheSameVersion() {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), NO_SAME_VERSION);
    Comparison comparison = AuthSteps.compare(etcd.orElseThrow(), ServerProgram.underTest(), SEED);
    assertTrue(comparison.steps() > 1_000);
    noDifference(comparison);
  }

  @Test
  void bytesOverRawSocketsAreAnsweredAsByTheSameVersion() {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), NO_SAME_VERSION);
    Comparison comparison =
        EdgeComparison.run(etcd.orElseThrow(), ServerProgram.underTest(), Pattern.compile(""));
    assertTrue(comparison.steps() > 1_000);
    noDifference(comparison);
  }

  private static void compare(Optional<ServerProgram> etcd, String missing) {
    assumeTrue(etcd.isPresent(), missing);
    Comparison comparison = Comparison.run(etcd.orElseThrow(), ServerProgram.underTest(), SEED);
    assertTrue(comparison.steps() > 500);
    noDifference(comparison);
  }

  private static void noDifference(Comparison comparison) {
    assertTrue(
        comparison.unexplained().isEmpty(),
        () ->
            comparison.unexplained().stream()
                .map(Difference::toString)
                .collect(Collectors.joining("\n")));
  }
}
