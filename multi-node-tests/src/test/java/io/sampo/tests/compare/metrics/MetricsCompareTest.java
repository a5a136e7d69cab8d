package io.sampo.tests.compare.metrics;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.tests.compare.Comparison;
import io.sampo.tests.compare.Difference;
import io.sampo.tests.process.ServerProgram;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No metric differs from etcd's after the same load but for the reasons in the lists. */
class MetricsCompareTest {

  @Test
  void oneMembersMetricsAreThoseOfTheSameVersion() {
    compare("one", 1);
  }

  @Test
  void threeMembersMetricsAreThoseOfTheSameVersion() {
    compare("three", 3);
  }

  private static void compare(String script, int members) {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    Comparison comparison =
        MetricsComparison.run(
            etcd.orElseThrow(),
            ServerProgram.underTest(),
            script,
            members,
            Long.getLong("sampo.compare.seed", 1));
    assertTrue(comparison.steps() > 10_000, () -> comparison.steps() + " compared");
    assertTrue(
        comparison.unexplained().isEmpty(),
        () ->
            comparison.unexplained().stream()
                .map(Difference::toString)
                .collect(Collectors.joining("\n")));
  }
}
