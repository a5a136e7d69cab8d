package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * With checkpoints a new leader knows how long a lease has lived already. Leaders write them down
 * every five minutes, so this takes longer: only with {@code -Dsampo.slow=true}.
 */
@RequiresTool("etcdctl")
class LeaseCheckpointTest {
  private static final Duration UNTIL_CHECKPOINT = Duration.ofSeconds(310);
  private static final long GRANTED = 1_000;

  /** At the checkpoint 700 were left; a new leader adds a little. */
  private static final long LEFT = 750;

  @Test
  void whatIsLeftOfALeaseSurvivesItsLeader() {
    assumeTrue(Boolean.getBoolean("sampo.slow"), "takes six minutes: -Dsampo.slow=true");
    try (ClusterUnderTest cluster =
        ClusterUnderTest.start(
            ServerProgram.underTest(),
            3,
            "--feature-gates=LeaseCheckpoint=true,LeaseCheckpointPersist=true")) {
      String lease = grant(cluster.member(0));
      Await.pause(UNTIL_CHECKPOINT);
      ServerUnderTest leader = cluster.leader();
      ServerUnderTest other = cluster.others(leader).get(0);
      leader.kill();
      cluster.leader();
      isLeft(lease, other);
      cluster.others(leader).forEach(ServerUnderTest::kill);
      cluster.members().forEach(ServerUnderTest::launch);
      cluster.members().forEach(ServerUnderTest::awaitReady);
      isLeft(lease, other);
    }
  }

  private static String grant(ServerUnderTest member) {
    AtomicReference<String> line = new AtomicReference<>();
    Await.until(
        Duration.ofMinutes(2),
        () -> "not granted: " + line.get(),
        () -> {
          CommandResult granted = new Etcdctl(member).run("lease", "grant", Long.toString(GRANTED));
          line.set(granted.out());
          return granted.exitCode() == 0;
        });
    return line.get().split(" ")[1];
  }

  private static void isLeft(String lease, ServerUnderTest member) {
    JsonObject answer = new Etcdctl(member).json("lease", "timetolive", lease).getAsJsonObject();
    long left = answer.get("ttl").getAsLong();
    assertTrue(left > 0 && left < LEFT, answer::toString);
  }
}
