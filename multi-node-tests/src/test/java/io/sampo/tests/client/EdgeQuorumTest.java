package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Callers over JSON who want a leader, at a member of three that has lost the others. */
@RequiresTool("curl")
class EdgeQuorumTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** A refusal needs no turn of the cluster. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private static final String HEADER = "Grpc-Metadata-hasleader: true";
  private static final String NO_LEADER = "etcdserver: no leader";
  private static final String CREATE = "{\"create_request\":{\"key\":\"YQ==\"}}";

  @Test
  void unaryCallsAreRefusedAndWatchesEnd() {
    try (ClusterUnderTest cluster = ClusterUnderTest.start(ServerProgram.underTest(), 3)) {
      ServerUnderTest member = cluster.others(cluster.leader()).get(0);
      try (RunningCommand watch = watch(member)) {
        watch.await("the watch", lines -> watchLines(lines) == 1);
        cluster.others(member).forEach(ServerUnderTest::kill);
        awaitEnd(watch);
        assertNoLeader(watch.lines().get(1), "error");
      }
      Await.until(LIMIT, () -> "still a leader", () -> !hasLeader(member));
      long begin = System.nanoTime();
      Curl.Answer refused =
          new Curl(member).get("/v3/kv/range", "-H", HEADER, "-d", "{\"key\":\"YQ==\"}");
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertEquals(503, refused.status(), refused::body);
      assertEquals(14, refused.json().get("code").getAsInt());
      assertEquals(NO_LEADER, refused.json().get("message").getAsString());
      assertTrue(took.compareTo(AT_ONCE) < 0, took::toString);
      try (RunningCommand watch = watch(member)) {
        awaitEnd(watch);
      }
    }
  }

  private static RunningCommand watch(ServerUnderTest member) {
    return RunningCommand.start(
        List.of("curl", "-sS", "-N", "-H", HEADER, "-d", CREATE, member.url() + "/v3/watch"),
        Map.of());
  }

  /** The error may be read from the pipe a moment after curl's end. */
  private static void awaitEnd(RunningCommand watch) {
    Await.until(
        LIMIT,
        () -> "it does not end for want of a leader: " + watch.lines(),
        () ->
            !watch.isRunning()
                && watch.lines().stream().anyMatch(line -> line.contains(NO_LEADER)));
  }

  private static long watchLines(List<String> lines) {
    return lines.stream().filter(line -> line.contains("created")).count();
  }

  private static void assertNoLeader(String line, String field) {
    JsonObject error = JsonParser.parseString(line).getAsJsonObject().getAsJsonObject(field);
    assertEquals(14, error.get("code").getAsInt(), line);
    assertEquals(NO_LEADER, error.get("message").getAsString());
  }

  private static boolean hasLeader(ServerUnderTest member) {
    return Http.tryGet(member.url() + "/metrics")
        .map(page -> page.body().contains("\netcd_server_has_leader 1"))
        .orElse(false);
  }
}
