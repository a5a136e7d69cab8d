package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A voter that has lost its directory has forgotten what it promised, and may not come back. */
@RequiresTool("etcdctl")
class WipedMemberTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String LOST = "Was the raft log corrupted, truncated, or lost?";

  @Test
  void aVoterWithoutItsDataDoesNotBeginAnew() {
    try (ClusterUnderTest cluster = ClusterUnderTest.start(ServerProgram.underTest(), 3)) {
      ServerUnderTest leader = cluster.leader();
      ServerUnderTest wiped = cluster.others(leader).get(0);
      Etcdctl etcdctl = new Etcdctl(leader);
      etcdctl.put("key", "value");

      wiped.kill();
      TempDirectory.delete(wiped.dataDirectory());
      wiped.launch();
      assertEquals(1, wiped.awaitExit(LIMIT));
      assertTrue(wiped.log().contains("has already been bootstrapped"), wiped::log);

      // Only a leader that has led since before knows what it had; another one feeds it anew.
      Await.until(LIMIT, wiped::log, () -> endsAsJoiner(wiped));
      assertNotEquals(0, wiped.awaitExit(LIMIT));
      assertTrue(wiped.log().contains(LOST), wiped::log);
      assertEquals(1, wiped.log().split("\"level\":\"(fatal|panic)\"", -1).length - 1, wiped::log);
      assertTrue(etcdctl.put("key", "more") > 2, "the others go on");
    }
  }

  /** Whether it ends; ended when this returns. */
  private static boolean endsAsJoiner(ServerUnderTest member) {
    TempDirectory.delete(member.dataDirectory());
    member.launchWith("--initial-cluster-state=existing");
    Await.until(
        LIMIT,
        member::log,
        () -> !member.isRunning() || member.log().contains("ready to serve client requests"));
    if (!member.isRunning()) {
      return true;
    }
    member.kill();
    return false;
  }
}
