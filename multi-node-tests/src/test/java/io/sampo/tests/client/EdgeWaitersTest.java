package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.SharedServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callers over JSON who wait for a lock, an election or an event, and leave or fail meanwhile. */
@RequiresTool("curl")
class EdgeWaitersTest {
  /** A busy machine is slow; etcd needs a second, and Sampo once needed 19 and more. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  private static final Duration LIMIT = Duration.ofSeconds(40);

  private static final int LONG_SECONDS = 300;

  /** Of the lease that holds a lock while another lease, a shorter one, ends in the wait. */
  private static final int HOLD_SECONDS = 12;

  private static final int SHORT_SECONDS = 3;

  private static final String STREAMS = "etcd_debugging_mvcc_watch_stream_total";

  @RegisterExtension static final SharedServer SHARED = SharedServer.withFlags();

  private static Curl curl;
  private static RunningCommand expiring;

  /** The longest wait begins first, beside all others. */
  @BeforeAll
  static void begin() {
    curl = new Curl(SHARED.server());
    lock("expiring", grant(HOLD_SECONDS));
    expiring =
        RunningCommand.start(
            List.of(
                "curl",
                "-sS",
                "-w",
                "\nstatus %{http_code}\n",
                "-d",
                lockRequest("expiring", grant(SHORT_SECONDS)),
                SHARED.server().url() + "/v3/lock/lock"),
            Map.of());
  }

  @AfterAll
  static void end() {
    if (expiring != null) {
      expiring.close();
    }
  }

  private static JsonObject post(String path, String body) {
    Curl.Answer answer = curl.post(path, body);
    assertEquals(200, answer.status(), answer::body);
    return answer.json();
  }

  private static String grant(int seconds) {
    return post("/v3/lease/grant", "{\"TTL\":\"" + seconds + "\"}").get("ID").getAsString();
  }

  private static String lockRequest(String name, String lease) {
    return "{\"name\":\"%s\",\"lease\":\"%s\"}".formatted(Curl.base64(name), lease);
  }

  /** Takes a free lock and returns its key, in base64. */
  private static String lock(String name, String lease) {
    return post("/v3/lock/lock", lockRequest(name, lease)).get("key").getAsString();
  }

  private static String campaignRequest(String name, String value) {
    return "{\"name\":\"%s\",\"lease\":\"%s\",\"value\":\"%s\"}"
        .formatted(Curl.base64(name), grant(LONG_SECONDS), Curl.base64(value));
  }

  private static long keys(String name) {
    String range =
        "{\"key\":\"%s\",\"range_end\":\"%s\",\"count_only\":true}"
            .formatted(Curl.base64(name + "/"), Curl.base64(name + "0"));
    JsonObject answer = post("/v3/kv/range", range);
    return answer.has("count") ? answer.get("count").getAsLong() : 0;
  }

  private static void awaitKeys(String name, long count, Duration limit) {
    Await.until(limit, () -> keys(name) + " keys", () -> keys(name) == count);
  }

  @Test
  void aLockGoesPastACallerThatHasLeft() {
    String held = lock("left", grant(LONG_SECONDS));
    try (RunningCommand leaves =
        curl.stream("/v3/lock/lock", lockRequest("left", grant(LONG_SECONDS)))) {
      awaitKeys("left", 2, LIMIT);
      assertTrue(leaves.isRunning());
    }
    awaitKeys("left", 1, AT_ONCE);
    try (RunningCommand next =
        curl.stream("/v3/lock/lock", lockRequest("left", grant(LONG_SECONDS)))) {
      awaitKeys("left", 2, LIMIT);
      post("/v3/lock/unlock", "{\"key\":\"" + held + "\"}");
      next.await("the lock", lines -> lines.stream().anyMatch(line -> line.contains("\"key\"")));
    }
  }

  @Test
  void aLockFreedWhileItsCallerLeavesIsNotHeldByTheDead() {
    String held = lock("race", grant(LONG_SECONDS));
    try (RunningCommand next = leaveAndFollow("race", held)) {
      next.await("the lock", lines -> lines.stream().anyMatch(line -> line.contains("\"key\"")));
    }
  }

  /** Another stands in line behind one who leaves, and the holder unlocks at once. */
  private RunningCommand leaveAndFollow(String name, String held) {
    RunningCommand next;
    try (RunningCommand leaves =
        curl.stream("/v3/lock/lock", lockRequest(name, grant(LONG_SECONDS)))) {
      awaitKeys(name, 2, LIMIT);
      assertTrue(leaves.isRunning());
      next = curl.stream("/v3/lock/lock", lockRequest(name, grant(LONG_SECONDS)));
      awaitKeys(name, 3, LIMIT);
    }
    post("/v3/lock/unlock", "{\"key\":\"" + held + "\"}");
    return next;
  }

  @Test
  void anElectionGoesPastACallerThatHasLeft() {
    JsonObject leader =
        post("/v3/election/campaign", campaignRequest("jobs", "one")).getAsJsonObject("leader");
    try (RunningCommand leaves =
        curl.stream("/v3/election/campaign", campaignRequest("jobs", "two"))) {
      awaitKeys("jobs", 2, LIMIT);
      assertTrue(leaves.isRunning());
    }
    awaitKeys("jobs", 1, AT_ONCE);
    try (RunningCommand next =
        curl.stream("/v3/election/campaign", campaignRequest("jobs", "three"))) {
      awaitKeys("jobs", 2, LIMIT);
      post("/v3/election/resign", "{\"leader\":" + leader + "}");
      next.await("the lead", lines -> lines.stream().anyMatch(line -> line.contains("leader")));
    }
    String name = "{\"name\":\"" + Curl.base64("jobs") + "\"}";
    String value =
        post("/v3/election/leader", name).getAsJsonObject("kv").get("value").getAsString();
    assertEquals(Curl.base64("three"), value);
  }

  @Test
  void aLockWhoseLeaseEndsInTheWaitIsAnError() {
    Await.until(
        LIMIT,
        () -> "no answer: " + expiring.lines(),
        () -> expiring.lines().stream().anyMatch(line -> line.startsWith("status ")));
    String answer = String.join("\n", expiring.lines());
    assertTrue(answer.endsWith("status 500"), answer);
    assertTrue(answer.contains("\"code\":2"), answer);
    assertTrue(answer.contains("\"message\":\"mutex: session is expired\""), answer);
    assertFalse(answer.contains("\"key\""), answer);
  }

  @Test
  void aWatchWithoutAnAnswerYetEndsWithItsCaller() {
    double before = streams();
    try (Http1Connection connection = Http1Connection.open(SHARED.server().clientPort())) {
      connection.raw("POST /v3/watch HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}");
      Await.until(LIMIT, () -> "no stream", () -> streams() == before + 1);
    }
    Await.until(AT_ONCE, () -> streams() + " streams", () -> streams() == before);
  }

  private static double streams() {
    return Http.tryGet(SHARED.server().url() + "/metrics")
        .orElseThrow()
        .body()
        .lines()
        .filter(line -> line.startsWith(STREAMS + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(STREAMS.length())))
        .findFirst()
        .orElseThrow();
  }
}
