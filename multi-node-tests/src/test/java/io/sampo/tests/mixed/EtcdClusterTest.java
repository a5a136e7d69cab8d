package io.sampo.tests.mixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.node.raft.RoleName;
import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.FreePorts;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void aWholeNodeJoinsAClusterOfEtcdAndTheOtherWayRound() {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    joins(etcd.get(), ServerProgram.sampo(), name -> List.of());
    joins(ServerProgram.sampo(), etcd.get(), name -> List.of());
  }

  /** Its snapshots say who the members are in the database alone. */
  @Test
  void aMemberOfTheNextVersionSendsItsStateAndIsSentOurs() {
    Optional<ServerProgram> newer = ServerProgram.newerEtcd();
    assumeTrue(newer.isPresent(), "no etcd 3.8: name one with -Dsampo.etcd.newer=FILE");
    ServerProgram sampo = ServerProgram.sampo();
    String[] flags = {"--snapshot-count=50", "--snapshot-catchup-entries=20"};
    try (ServerUnderTest first = ServerUnderTest.start(sampo, flags);
        ServerUnderTest second = ServerUnderTest.joining(newer.get(), "m2", List.of(first), flags);
        ServerUnderTest third =
            ServerUnderTest.joining(sampo, "m3", List.of(first, second), flags)) {
      Etcdctl etcdctl = new Etcdctl(first);
      put(etcdctl, 120);
      String id = addAndPromote(etcdctl, second);
      assertTrue(second.log().contains("applied snapshot"), second::log);
      await("leadership", () -> etcdctl.run("move-leader", id).exitCode() == 0);
      put(etcdctl, 120);
      addAndPromote(new Etcdctl(second), third);
      assertTrue(third.log().contains("applied snapshot"), third::log);

      Etcdctl other = new Etcdctl(third);
      assertEquals(3, other.lines("member", "list").size());
      third.kill();
      third.start();
      assertEquals(3, other.lines("member", "list").size());
      // Two of three: nothing is committed without it.
      second.kill();
      await("a leader", () -> other.run("put", "without", "it").exitCode() == 0);
      long revision = other.revision();
      assertEquals(hashAt(etcdctl, revision), hashAt(other, revision));
      second.start();
      new Etcdctl(second).put("with", "it");
      long last = other.revision();
      assertEquals(hashAt(new Etcdctl(second), last), hashAt(other, last));
    }
  }

  private static void put(Etcdctl etcdctl, int times) {
    for (int i = 0; i < times; i++) {
      etcdctl.put("key/" + i % 40, "value " + i);
    }
  }

  /** Returns the id of the member, which is started. */
  private static String addAndPromote(Etcdctl etcdctl, ServerUnderTest member) {
    await(
        "addition",
        () ->
            etcdctl
                    .run(
                        "member",
                        "add",
                        member.name(),
                        "--learner",
                        "--peer-urls=" + member.peerUrl())
                    .exitCode()
                == 0);
    member.start();
    etcdctl.put("while", "learning");
    String id =
        etcdctl.lines("member", "list").stream()
            .filter(line -> line.contains(member.peerUrl()))
            .map(line -> line.split(", ")[0])
            .findFirst()
            .orElseThrow();
    await("promotion", () -> etcdctl.run("member", "promote", id).exitCode() == 0);
    return id;
  }

  @Test
  @RequiresTool("openssl")
  void soTheyDoWithCertificatesThatBothAskFor(@TempDir Path folder) {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("ca", "m1");
    certificates.issue("ca", "m2");
    joins(etcd.get(), ServerProgram.sampo(), name -> peerFlags(certificates, name));
    joins(ServerProgram.sampo(), etcd.get(), name -> peerFlags(certificates, name));
  }

  private static List<String> peerFlags(Certificates certificates, String name) {
    return List.of(
        "--peer-cert-file=" + certificates.cert(name),
        "--peer-key-file=" + certificates.key(name),
        "--peer-trusted-ca-file=" + certificates.cert("ca"),
        "--peer-client-cert-auth");
  }

  private static void joins(
      ServerProgram old, ServerProgram young, Function<String, List<String>> flags) {
    List<String> firstFlags = new ArrayList<>(flags.apply("m1"));
    firstFlags.addAll(List.of("--snapshot-count=50", "--snapshot-catchup-entries=20"));
    String[] secondFlags = flags.apply("m2").toArray(String[]::new);
    try (ServerUnderTest first = ServerUnderTest.start(old, firstFlags.toArray(String[]::new));
        ServerUnderTest second =
            ServerUnderTest.joining(young, "m2", List.of(first), secondFlags)) {
      Etcdctl etcdctl = new Etcdctl(first);
      put(etcdctl, 120);
      String id = addAndPromote(etcdctl, second);
      Etcdctl other = new Etcdctl(second);
      await("a vote", () -> other.run("put", "through", young.name()).exitCode() == 0);
      long revision = etcdctl.revision();
      assertEquals(hashAt(etcdctl, revision), hashAt(other, revision), "HashKV at " + revision);
      await("removal", () -> etcdctl.run("member", "remove", id).exitCode() == 0);
      assertEquals(0, second.awaitExit(LIMIT));
      etcdctl.put("alone", "again");
    }
  }

  private static String hashAt(Etcdctl etcdctl, long revision) {
    return etcdctl.lines("endpoint", "hashkv", "--rev=" + revision).get(0).split(", ")[1];
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
