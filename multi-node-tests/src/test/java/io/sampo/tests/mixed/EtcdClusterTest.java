package io.sampo.tests.mixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.node.raft.RoleName;
import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.FreePorts;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/**
 * A member made of Sampo's parts in the cluster of a real etcd 3.7.1: it is sent a snapshot, then
 * appends, is promoted, and from then on nothing is committed without it.
 */
@RequiresTool("etcdctl")
class EtcdClusterTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void aMemberJoinsCatchesUpAndIsPromoted() throws Exception {
    Optional<ServerProgram> program = ServerProgram.etcdOfSameVersion();
    assumeTrue(program.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    int port = FreePorts.take();
    String url = "http://127.0.0.1:" + port;
    try (TempDirectory directory = TempDirectory.create("mixed");
        ServerUnderTest etcd =
            ServerUnderTest.start(
                program.get(), "--snapshot-count=50", "--snapshot-catchup-entries=20")) {
      Etcdctl etcdctl = new Etcdctl(etcd);
      for (int i = 0; i < 150; i++) {
        etcdctl.put("key/" + i % 40, "value " + i);
      }
      etcdctl.lines("del", "key/3");
      etcdctl.lines("compaction", "--physical", "60");
      etcdctl.lines("member", "add", "sampo", "--learner", "--peer-urls=" + url);

      EtcdView cluster = EtcdView.of("http://127.0.0.1:" + etcd.peerPort());
      try (SampoMember member = new SampoMember(cluster, url, port, directory.path())) {
        awaitHashOf(etcdctl, member);
        assertTrue(
            member.metrics().contains("etcd_network_snapshot_receive_success"),
            "the state came as a snapshot");
        assertEquals(RoleName.LEARNER, member.status().role());

        for (int i = 0; i < 50; i++) {
          etcdctl.put("after/" + i, "x".repeat(i * 1000));
        }
        awaitHashOf(etcdctl, member);
        assertTrue(
            member.network().hasStreams(cluster.idAt("http://127.0.0.1:" + etcd.peerPort())),
            "etcd reads both streams");

        untilTaken(etcdctl, "promote", member);
        await("a follower", () -> member.status().role() == RoleName.FOLLOWER);
        // Two voters: each of these needs what this member has written.
        for (int i = 0; i < 20; i++) {
          etcdctl.put("together/" + i, "y");
        }
        awaitHashOf(etcdctl, member);
        untilTaken(etcdctl, "remove", member);
        etcdctl.put("alone", "again");
      }
    }
  }

  /** etcd changes members only when all have been connected for five seconds. */
  private static void untilTaken(Etcdctl etcdctl, String change, SampoMember member) {
    await(
        change, () -> etcdctl.run("member", change, Long.toHexString(member.id())).exitCode() == 0);
  }

  /** Both hold the same bytes at the same revision. */
  private static void awaitHashOf(Etcdctl etcdctl, SampoMember member) {
    long revision = etcdctl.revision();
    await("revision " + revision, () -> member.state().keys().revision() == revision);
    long hash =
        etcdctl
            .json("endpoint", "hashkv", "--rev=" + revision)
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject()
            .get("HashKV")
            .getAsJsonObject()
            .get("hash")
            .getAsLong();
    KeyHash own = KeyHash.of(member.state().keys(), revision);
    assertEquals(hash, Integer.toUnsignedLong(own.hash()), "HashKV at " + revision);
  }

  private static void await(String what, Callable<Boolean> condition) {
    Await.until(LIMIT, () -> what, condition);
  }
}
