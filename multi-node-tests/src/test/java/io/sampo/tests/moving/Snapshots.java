package io.sampo.tests.moving;

import io.sampo.tests.process.Command;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Snapshot files made into directories of members. */
final class Snapshots {
  private Snapshots() {}

  /**
   * Makes the directory of a member of a new cluster.
   *
   * @param tool etcdctl or etcdutl
   */
  static void restore(List<String> tool, Path file, ServerUnderTest member, String... flags) {
    List<String> words = new ArrayList<>(tool);
    words.addAll(
        List.of(
            "snapshot",
            "restore",
            file.toString(),
            "--data-dir=" + member.dataDirectory(),
            "--name=" + member.name(),
            "--initial-cluster=" + member.initialCluster(),
            "--initial-advertise-peer-urls=" + member.peerUrl()));
    words.addAll(List.of(flags));
    Command.of(words).environment(Map.of("ETCDCTL_API", "3")).run().succeeded();
  }
}
