package io.sampo.tests.moving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A member whose snapshot was another one than the others' has other keys, and is found. */
@RequiresTool("etcdctl")
class CorruptionTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final TempDirectory temporary = TempDirectory.create("sampo-corruption");

  @AfterEach
  void clean() {
    temporary.close();
  }

  @Test
  void aMemberWithOtherKeysIsFound() {
    Path right = snapshot("right");
    Path wrong = snapshot("wrong");
    try (ClusterUnderTest cluster =
        ClusterUnderTest.prepared(
            ServerProgram.underTest(),
            3,
            member ->
                Snapshots.restore(
                    List.of("etcdctl"), member.name().equals("m3") ? wrong : right, member),
            "--feature-gates=CompactHashCheck=true",
            "--compact-hash-check-time=1s")) {
      Etcdctl etcdctl = new Etcdctl(cluster.member(0));
      String id = idOf(cluster.member(2));
      long revision = etcdctl.put("key", "other");
      // At the very revision of a compaction members would tell the hash of what was before it.
      etcdctl.put("key", "newest");
      etcdctl.lines("compact", Long.toString(revision));
      awaitAlarm(etcdctl, id);
      assertTrue(
          cluster.leader().log().contains("Detected compaction hash mismatch"),
          cluster.leader()::log);
      nobodyMayWrite(etcdctl);

      etcdctl.lines("alarm", "disarm");
      cluster.members().forEach(ServerUnderTest::kill);
      cluster.members().forEach(member -> member.launchWith("--corrupt-check-time=1s"));
      // The leader takes itself for right, and here it may be the one who is not.
      awaitAlarm(etcdctl, "");
      ServerUnderTest leader = cluster.leader();
      Await.until(LIMIT, leader::log, () -> leader.log().contains("hashes must match"));

      ServerUnderTest corrupt = cluster.member(2);
      corrupt.kill();
      corrupt.launchWith("--feature-gates=InitialCorruptCheck=true");
      assertNotEquals(0, corrupt.awaitExit(LIMIT));
      assertTrue(corrupt.log().contains("found data inconsistency with peers"), corrupt::log);
      ServerUnderTest sound = cluster.member(1);
      sound.kill();
      sound.launchWith("--feature-gates=InitialCorruptCheck=true");
      Await.until(LIMIT, sound::log, () -> sound.log().contains("ready to serve"));
    }
  }

  /** Of a server whose keys have this value. */
  private Path snapshot(String value) {
    Path file = temporary.path().resolve(value + ".db");
    try (ServerUnderTest server = ServerUnderTest.start(ServerProgram.underTest())) {
      Etcdctl etcdctl = new Etcdctl(server);
      etcdctl.put("key", value);
      etcdctl.put("kept", value);
      etcdctl.lines("snapshot", "save", file.toString());
    }
    return file;
  }

  private static void awaitAlarm(Etcdctl etcdctl, String id) {
    Await.until(
        LIMIT,
        () -> "no alarm of " + id + ": " + etcdctl.run("alarm", "list"),
        () -> etcdctl.run("alarm", "list").out().contains(id + " alarm:CORRUPT"));
  }

  private static String idOf(ServerUnderTest member) {
    return new Etcdctl(member)
        .json("endpoint", "status")
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .getAsJsonObject("Status")
        .getAsJsonObject("header")
        .get("member_id")
        .getAsString();
  }

  private static void nobodyMayWrite(Etcdctl etcdctl) {
    for (String[] words :
        List.of(
            new String[] {"put", "key", "more"},
            new String[] {"del", "key"},
            new String[] {"lease", "grant", "60"})) {
      String error = etcdctl.run(words).failed().err();
      assertTrue(error.contains("etcdserver: corrupt cluster"), error);
    }
    assertEquals(List.of("key", "newest"), etcdctl.lines("get", "key"), "reads are served");
  }
}
