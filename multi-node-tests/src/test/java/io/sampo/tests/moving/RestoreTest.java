package io.sampo.tests.moving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One snapshot file, restored once for each of three members, is a cluster with its data. */
@RequiresTool({"etcdctl", "etcd"})
class RestoreTest {
  private final TempDirectory temporary = TempDirectory.create("sampo-restore");

  @AfterEach
  void clean() {
    temporary.close();
  }

  /** By Debian's etcdctl, of a snapshot that Sampo saved; then the majority is lost. */
  @Test
  void sampoOfSampoAndThenOneMemberAlone() {
    Path file = temporary.path().resolve("s.db");
    List<String> keys;
    String hash;
    try (ServerUnderTest source = ServerUnderTest.start(ServerProgram.underTest())) {
      History.write(source, 120);
      Etcdctl etcdctl = new Etcdctl(source);
      etcdctl.lines("snapshot", "save", file.toString());
      keys = Answers.keys(etcdctl);
      hash = Answers.hash(etcdctl);
    }
    try (ClusterUnderTest cluster =
        ClusterUnderTest.prepared(
            ServerProgram.underTest(),
            3,
            member -> Snapshots.restore(List.of("etcdctl"), file, member),
            "--initial-cluster-token=of-no-interest")) {
      for (ServerUnderTest member : cluster.members()) {
        assertEquals(hash, Answers.hash(new Etcdctl(member)));
        assertEquals(keys, Answers.keys(new Etcdctl(member)));
      }
      new Etcdctl(cluster.member(1)).put("after", "restore");
      goOnAlone(cluster);
    }
  }

  private static void goOnAlone(ClusterUnderTest cluster) {
    ServerUnderTest survivor = cluster.member(2);
    Etcdctl before = new Etcdctl(survivor);
    List<String> keys = Answers.keys(before);
    String hash = Answers.hash(before);
    cluster.members().forEach(ServerUnderTest::kill);
    try (ServerUnderTest alone =
        ServerUnderTest.startOn(
            ServerProgram.underTest(), survivor.dataDirectory(), "--force-new-cluster")) {
      assertAlone(alone, keys, hash);
    }
    // The flag may stay or go: there is nobody left to remove.
    try (ServerUnderTest again =
        ServerUnderTest.startOn(
            ServerProgram.underTest(), survivor.dataDirectory(), "--force-new-cluster")) {
      assertEquals(1, new Etcdctl(again).lines("member", "list").size());
      assertTrue(new Etcdctl(again).put("once", "more") > 1);
    }
  }

  private static void assertAlone(ServerUnderTest alone, List<String> keys, String hash) {
    Etcdctl etcdctl = new Etcdctl(alone);
    assertEquals(1, etcdctl.lines("member", "list").size());
    assertEquals(hash, Answers.hash(etcdctl));
    assertEquals(keys, Answers.keys(etcdctl));
    assertTrue(etcdctl.put("alone", "again") > 1);
  }

  /** By etcdutl, with the revision raised and all before it compacted; etcd has the same. */
  @Test
  void aRaisedRevisionIsTheSameAsUnderEtcd() {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    Path etcdutl = Path.of(etcd.get().command().get(0)).resolveSibling("etcdutl");
    assumeTrue(Files.isExecutable(etcdutl), "no etcdutl beside " + etcd.get().command());
    Path file = temporary.path().resolve("s.db");
    try (ServerUnderTest source = ServerUnderTest.start(etcd.get())) {
      History.write(source, 120);
      new Etcdctl(source).lines("snapshot", "save", file.toString());
    }
    List<String> tool = List.of(etcdutl.toString());
    String[] raised = {"--bump-revision=1000000", "--mark-compacted"};
    String expected;
    try (ClusterUnderTest real =
        ClusterUnderTest.prepared(
            etcd.get(), 1, member -> Snapshots.restore(tool, file, member, raised))) {
      expected = Answers.hash(new Etcdctl(real.member(0)));
    }
    try (ClusterUnderTest cluster =
        ClusterUnderTest.prepared(
            ServerProgram.underTest(),
            3,
            member -> Snapshots.restore(tool, file, member, raised))) {
      for (ServerUnderTest member : cluster.members()) {
        assertEquals(expected, Answers.hash(new Etcdctl(member)));
      }
      Etcdctl etcdctl = new Etcdctl(cluster.member(0));
      assertTrue(etcdctl.revision() > 1_000_000);
      String old =
          Command.of(
                  List.of(
                      "etcdctl",
                      "--endpoints",
                      cluster.member(0).endpoint(),
                      "get",
                      "key/1",
                      "--rev=100"))
              .environment(Map.of("ETCDCTL_API", "3"))
              .run()
              .failed()
              .err();
      assertTrue(old.contains("required revision has been compacted"), old);
      assertTrue(etcdctl.put("after", "restore") > 1_000_000);
    }
  }
}
