package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.SharedServer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * etcdctl watch and lease. A watch that starts now is first proven to be there by a write it
 * reports, repeated until it does.
 */
@RequiresTool("etcdctl")
class EtcdctlWatchTest {

  @RegisterExtension static final SharedServer SHARED = SharedServer.withFlags();

  private static Etcdctl etcdctl;

  @BeforeAll
  static void connect() {
    etcdctl = new Etcdctl(SHARED.server());
  }

  @Test
  void historyComesFirstThenWhatIsNew() {
    long first = etcdctl.put("w/a", "1");
    etcdctl.put("w/b", "1");
    etcdctl.lines("del", "w/a");
    try (RunningCommand watch = etcdctl.start("watch", "w/", "--prefix", "--rev=" + first)) {
      watch.awaitLines("PUT", "w/a", "1", "PUT", "w/b", "1", "DELETE", "w/a", "");
      etcdctl.put("w/c", "2");
      watch.awaitLines("PUT", "w/c", "2");
      assertEquals(12, watch.lines().size());
    }
  }

  @Test
  void thePreviousValueComesAlong() {
    etcdctl.put("prev", "1");
    long second = etcdctl.put("prev", "2");
    etcdctl.lines("del", "prev");
    try (RunningCommand watch = etcdctl.start("watch", "prev", "--prev-kv", "--rev=" + second)) {
      watch.awaitLines("PUT", "prev", "1", "prev", "2", "DELETE", "prev", "2", "prev", "");
    }
  }

  @Test
  void aWatchFromNowSeesWhatComes() {
    try (RunningCommand watch = etcdctl.start("watch", "now/a", "now/c")) {
      watch.await(
          "a first event",
          lines -> {
            etcdctl.put("now/a", "ping");
            return !lines.isEmpty();
          });
      etcdctl.put("now/c", "outside");
      etcdctl.put("now/b", "inside");
      List<String> lines = watch.awaitLines("PUT", "now/b", "inside");
      assertTrue(!lines.contains("outside"), lines::toString);
    }
  }

  @Test
  void severalClientsWatchAtOnce() {
    long from = etcdctl.put("clients", "1");
    try (RunningCommand one = etcdctl.start("watch", "clients", "--rev=" + from);
        RunningCommand other = etcdctl.start("watch", "clients", "--rev=" + from)) {
      one.awaitLines("PUT", "clients", "1");
      other.awaitLines("PUT", "clients", "1");
      etcdctl.put("clients", "2");
      one.awaitLines("PUT", "clients", "2");
      other.awaitLines("PUT", "clients", "2");
    }
  }

  @Test
  void severalWatchesShareAStream() {
    long from = etcdctl.put("several/a", "1");
    etcdctl.put("several/b", "2");
    etcdctl.put("other/c", "3");
    try (RunningCommand watch = etcdctl.start("watch", "-i")) {
      watch.type("watch several/ --prefix --rev=" + from);
      watch.type("watch other/c --rev=" + from);
      watch.type("progress");
      watch.awaitLines("PUT", "several/a", "1");
      watch.awaitLines("PUT", "several/b", "2");
      watch.awaitLines("PUT", "other/c", "3");
      etcdctl.put("several/d", "4");
      watch.awaitLines("PUT", "several/d", "4");
      assertTrue(watch.isRunning());
    }
  }

  @Test
  void manyWritesArriveInOrder() {
    long from = etcdctl.put("order/0", "0");
    StringBuilder script = new StringBuilder("\n");
    for (int i = 1; i <= 100; i++) {
      script.append("put order/").append(i).append(' ').append(i).append('\n');
    }
    etcdctl.typed(script + "\n\n", "txn", "-i").succeeded();
    try (RunningCommand watch = etcdctl.start("watch", "order/", "--prefix", "--rev=" + from)) {
      List<String> lines = watch.awaitLines("PUT", "order/100", "100");
      for (int i = 0; i < 100; i++) {
        int at = Collections.indexOfSubList(lines, List.of("PUT", "order/" + i, "" + i));
        assertEquals(3 * i, at, "place of order/" + i);
      }
    }
  }

  @Test
  void keysGoWithTheirLease() {
    String id = grant(300);
    long revision = etcdctl.put("leased/a", "1", "--lease=" + id);
    etcdctl.put("leased/b", "2", "--lease=" + id);
    String keys = etcdctl.lines("lease", "timetolive", id, "--keys").get(0);
    assertTrue(keys.contains("granted with TTL(300s)"), keys);
    assertTrue(keys.endsWith("attached keys([leased/a leased/b])"), keys);
    assertTrue(etcdctl.lines("lease", "list").contains(id));
    assertEquals(List.of("lease " + id + " revoked"), etcdctl.lines("lease", "revoke", id));
    assertEquals(List.of(), etcdctl.lines("get", "leased/", "--prefix"));
    assertEquals(revision + 2, etcdctl.revision());
    assertEquals(
        List.of("lease " + id + " already expired"), etcdctl.lines("lease", "timetolive", id));
    String error = etcdctl.run("lease", "revoke", id).failed().err();
    assertTrue(error.contains("requested lease not found"), error);
  }

  @Test
  void aLeaseRunsOutAndTheWatchTells() {
    String id = grant(2);
    long revision = etcdctl.put("expiring", "1", "--lease=" + id);
    try (RunningCommand watch = etcdctl.start("watch", "expiring", "--rev=" + revision)) {
      watch.awaitLines("PUT", "expiring", "1", "DELETE", "expiring", "");
    }
    assertEquals(List.of(), etcdctl.lines("get", "expiring"));
  }

  @Test
  void aLeaseIsKeptAlive() {
    String id = grant(2);
    etcdctl.put("kept", "1", "--lease=" + id);
    List<String> once = etcdctl.lines("lease", "keep-alive", "--once", id);
    assertEquals(List.of("lease " + id + " keepalived with TTL(2)"), once);
    try (RunningCommand keepAlive = etcdctl.start("lease", "keep-alive", id)) {
      keepAlive.await("six renewals, which is longer than the lease", lines -> lines.size() >= 6);
      assertEquals(List.of("kept", "1"), etcdctl.lines("get", "kept"));
    }
  }

  private static String grant(int seconds) {
    String line = etcdctl.lines("lease", "grant", "" + seconds).get(0);
    assertTrue(line.endsWith(" granted with TTL(" + seconds + "s)"), line);
    return line.split(" ")[1];
  }
}
