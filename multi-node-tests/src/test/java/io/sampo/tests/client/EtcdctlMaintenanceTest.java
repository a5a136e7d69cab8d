package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.SharedServer;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** etcdctl compaction, endpoint, alarm, member list, defrag, version. */
@RequiresTool("etcdctl")
class EtcdctlMaintenanceTest {

  @RegisterExtension static final SharedServer SHARED = SharedServer.withFlags();

  private static Etcdctl etcdctl;

  @BeforeAll
  static void connect() {
    etcdctl = new Etcdctl(SHARED.server());
  }

  @Test
  void compactionForgetsOlderRevisions() {
    long first = etcdctl.put("compacted", "1");
    long second = etcdctl.put("compacted", "2");
    assertEquals(List.of("compacted revision " + second), etcdctl.lines("compaction", "" + second));
    assertCompacted("get", "compacted", "--rev=" + first);
    assertCompacted("compaction", "" + second);
    assertCompacted("watch", "compacted", "--rev=" + first);
    String rev = "--rev=" + second;
    assertEquals(List.of("compacted", "2"), etcdctl.lines("get", "compacted", rev));
    long third = etcdctl.put("compacted", "3");
    assertEquals(
        List.of("compacted revision " + third),
        etcdctl.lines("compaction", "--physical", "" + third));
    String error = etcdctl.run("compaction", "1000000").failed().err();
    assertTrue(error.contains("required revision is a future revision"), error);
  }

  private static void assertCompacted(String... words) {
    var result = etcdctl.run(words);
    String text = result.out() + result.err();
    assertTrue(text.contains("etcdserver: mvcc: required revision has been compacted"), text);
  }

  @Test
  void theEndpointIsHealthyAndSaysWhatItIs() {
    var health = etcdctl.run("endpoint", "health").succeeded();
    assertTrue((health.out() + health.err()).contains("is healthy"), health::toString);
    long revision = etcdctl.put("status", "1");
    JsonObject endpoint =
        etcdctl.json("endpoint", "status").getAsJsonArray().get(0).getAsJsonObject();
    JsonObject status = endpoint.getAsJsonObject("Status");
    assertTrue(Pattern.matches("3\\.\\d+\\.\\d+", status.get("version").getAsString()));
    assertTrue(Etcdctl.revision(status) >= revision);
    assertTrue(status.get("dbSize").getAsLong() > 0);
    assertTrue(status.get("raftIndex").getAsLong() > 1);
    assertEquals(
        status.getAsJsonObject("header").get("member_id").getAsString(),
        status.get("leader").getAsString());
    assertTrue(etcdctl.lines("endpoint", "status", "-w", "table").size() == 5);
  }

  @Test
  void equalStatesHaveEqualHashes() {
    long revision = etcdctl.put("hash", "1");
    String before = hashAt(revision);
    etcdctl.put("hash", "2");
    assertEquals(before, hashAt(revision));
    assertFalse(before.equals(hashAt(0)));
  }

  private static String hashAt(long revision) {
    return etcdctl
        .json("endpoint", "hashkv", "--rev=" + revision)
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .getAsJsonObject("HashKV")
        .get("hash")
        .getAsString();
  }

  @Test
  void thereIsNoAlarm() {
    assertEquals(List.of(), etcdctl.lines("alarm", "list"));
    assertEquals(List.of(), etcdctl.lines("alarm", "disarm"));
  }

  @Test
  void theMemberIsListed() {
    String[] fields = etcdctl.lines("member", "list").get(0).split(", ");
    assertEquals("started", fields[1]);
    assertEquals("m1", fields[2]);
    assertEquals("http://127.0.0.1:" + SHARED.server().peerPort(), fields[3]);
    assertEquals(SHARED.server().url(), fields[4]);
    assertEquals("false", fields[5]);
  }

  @Test
  void defragmentationSucceeds() {
    String line = etcdctl.lines("defrag").get(0);
    assertTrue(line.startsWith("Finished defragmenting etcd member"), line);
  }

  @Test
  void versionIsTheClientsOwn() {
    assertTrue(etcdctl.lines("version").get(0).startsWith("etcdctl version: "));
  }

  @Test
  void aSnapshotIsSavedAndRead() throws java.io.IOException {
    etcdctl.put("saved", "1");
    var file = SHARED.server().home().resolve("saved.db");
    var saved = etcdctl.run("snapshot", "save", file.toString()).succeeded();
    assertTrue((saved.out() + saved.err()).contains("Snapshot saved at " + file));
    assertEquals(32, Files.size(file) % 512, "a whole number of pages and a SHA-256");
    JsonObject status = etcdctl.json("snapshot", "status", file.toString()).getAsJsonObject();
    assertTrue(status.get("revision").getAsLong() > 1);
    assertTrue(status.get("totalKey").getAsLong() > 1);
  }
}
