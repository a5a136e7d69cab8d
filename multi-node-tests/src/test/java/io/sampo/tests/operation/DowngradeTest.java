package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A downgrade as an operator begins it, looks at it and gives it up. */
class DowngradeTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String SERVED =
      "{\"etcdserver\":\"3.7.1\",\"etcdcluster\":\"%1$s\",\"storage\":\"%1$s\"}";

  @Test
  void theClusterGoesDownOneVersionAndBack() {
    try (ClusterUnderTest cluster = ClusterUnderTest.start(ServerProgram.underTest(), 3)) {
      ServerUnderTest first = cluster.members().get(0);
      await(first, "3.7.0");
      assertTrue(ask(first, "VALIDATE", "3.5").contains("invalid downgrade target version"));
      assertTrue(ask(first, "CANCEL", "").endsWith("\"version\":\"3.7\"}"));
      assertTrue(ask(first, "ENABLE", "3.6").endsWith("\"version\":\"3.7\"}"));
      for (ServerUnderTest member : cluster.members()) {
        await(member, "3.6.0");
        assertEquals("true", get(member.peerUrl() + "/downgrade/enabled"));
      }
      assertTrue(ask(first, "VALIDATE", "3.5").contains("cluster has a downgrade job in progress"));
      ServerUnderTest last = cluster.members().get(2);
      last.kill();
      last.start();
      await(last, "3.6.0");
      assertTrue(ask(last, "CANCEL", "").endsWith("\"version\":\"3.6\"}"));
      for (ServerUnderTest member : cluster.members()) {
        assertEquals("false", get(member.peerUrl() + "/downgrade/enabled"));
        await(member, "3.7.0");
      }
    }
  }

  private static void await(ServerUnderTest member, String version) {
    Await.until(
        LIMIT,
        () -> get(member.url() + "/version"),
        () -> get(member.url() + "/version").equals(SERVED.formatted(version)));
  }

  private static String get(String url) {
    return Http.tryGet(url).map(Http.Answer::body).orElse("nothing");
  }

  private static String ask(ServerUnderTest member, String action, String version) {
    String body = "{\"action\":\"%s\",\"version\":\"%s\"}".formatted(action, version);
    return Http.send("POST", member.url() + "/v3/maintenance/downgrade", body).body().strip();
  }
}
