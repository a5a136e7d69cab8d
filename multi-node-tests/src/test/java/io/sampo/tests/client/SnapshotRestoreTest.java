package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.tests.process.Command;
import io.sampo.tests.process.FreePorts;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.SharedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A snapshot of the server under test, restored by etcd's own tools, is a real etcd's data. */
@RequiresTool({"etcdctl", "etcd"})
class SnapshotRestoreTest {

  @RegisterExtension static final SharedServer SHARED = SharedServer.withFlags();

  @Test
  void debiansEtcdServesIt() {
    restoreAndCompare(
        ServerProgram.etcdOfPath().orElseThrow(),
        List.of("etcdctl", "snapshot", "restore"),
        "path");
  }

  @Test
  void etcdOfTheSameVersionServesIt() {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    Path etcdutl = Path.of(etcd.get().command().get(0)).resolveSibling("etcdutl");
    assumeTrue(Files.isExecutable(etcdutl), "no etcdutl beside " + etcd.get().command());
    restoreAndCompare(
        etcd.get(), List.of(etcdutl.toString(), "snapshot", "restore"), "same-version");
  }

  private static void restoreAndCompare(
      ServerProgram etcd, List<String> restore, String directory) {
    Etcdctl source = new Etcdctl(SHARED.server());
    writeSomeHistory(source, directory);
    Path file = SHARED.server().home().resolve(directory + ".db");
    source.run("snapshot", "save", file.toString()).succeeded();
    List<String> expected = everything(source);
    String hash = hash(source);

    Path data = SHARED.server().home().resolve(directory);
    restore(restore, file, data);
    try (ServerUnderTest restored =
        ServerUnderTest.startOn(etcd, data, "--initial-cluster-state=existing")) {
      Etcdctl target = new Etcdctl(restored);
      assertEquals(expected, everything(target));
      assertEquals(hash, hash(target), "HashKV");
      assertTrue(target.put("after", "restore") > 1);
    }
  }

  private static void writeSomeHistory(Etcdctl etcdctl, String prefix) {
    String lease = etcdctl.lines("lease", "grant", "5000").get(0).split(" ")[1];
    for (int i = 0; i < 10; i++) {
      etcdctl.put(prefix + "/" + i % 4, "value " + i, "--lease=" + (i % 2 == 0 ? lease : "0"));
    }
    etcdctl.lines("del", prefix + "/1");
    etcdctl.lines("compaction", "--physical", "" + (etcdctl.revision() - 3));
    etcdctl.put(prefix + "/2", "after compaction");
  }

  private static void restore(List<String> tool, Path file, Path data) {
    String peer = "http://127.0.0.1:" + FreePorts.take();
    List<String> words = new java.util.ArrayList<>(tool);
    words.addAll(
        List.of(
            file.toString(),
            "--data-dir",
            data.toString(),
            "--name",
            "m1",
            "--initial-cluster",
            "m1=" + peer,
            "--initial-advertise-peer-urls",
            peer));
    Command.of(words).environment(Map.of("ETCDCTL_API", "3")).run().succeeded();
  }

  private static List<String> everything(Etcdctl etcdctl) {
    return etcdctl.lines("get", "", "--prefix", "-w", "fields").stream()
        .filter(line -> !line.matches("\"(ClusterID|MemberID|RaftTerm)\".*"))
        .toList();
  }

  private static String hash(Etcdctl etcdctl) {
    return etcdctl
        .json("endpoint", "hashkv")
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .getAsJsonObject("HashKV")
        .get("hash")
        .getAsString();
  }
}
