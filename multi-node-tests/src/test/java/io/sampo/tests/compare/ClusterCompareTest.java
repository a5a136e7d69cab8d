package io.sampo.tests.compare;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.tests.process.ServerProgram;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an operator's commands say and how they end, with a cluster of etcd and one of Sampo. */
class ClusterCompareTest {

  @Test
  void theCommandsOfTheSameVersionSayTheSame() {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    Optional<EtcdTools> tools = EtcdTools.beside(etcd.get());
    assumeTrue(tools.isPresent(), "no etcdctl and etcdutl beside " + etcd.get().command());
    compare(etcd.get(), "3.7.1", tools.get());
  }

  private static void compare(ServerProgram etcd, String version, EtcdTools tools) {
    ClusterComparison comparison =
        ClusterComparison.run(etcd, version, ServerProgram.underTest(), tools);
    assertTrue(comparison.steps() > 100, () -> comparison.steps() + " steps");
    assertTrue(
        comparison.unexplained().isEmpty(),
        () ->
            comparison.unexplained().stream()
                .map(Difference::toString)
                .collect(Collectors.joining("\n")));
  }
}
