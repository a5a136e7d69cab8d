package io.sampo.node.maintenance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProfilePagesTest {
  private static final int WAIT_SECONDS = 60;

  private final ActorTestKit kit = ActorTestKit.create();
  private final ProfilePages pages = new ProfilePages(task -> new Thread(task).start());

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private HttpResponse get(String page) throws Exception {
    return pages
        .apply(HttpRequest.GET("/debug/pprof/" + page))
        .toCompletableFuture()
        .get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private byte[] bytes(HttpResponse response) throws Exception {
    HttpEntity.Strict strict =
        response
            .entity()
            .toStrict(WAIT_SECONDS * 1000L, kit.system())
            .toCompletableFuture()
            .get(WAIT_SECONDS, TimeUnit.SECONDS);
    return strict.getData().toArray();
  }

  private String text(String page) throws Exception {
    HttpResponse response = get(page);
    assertEquals(200, response.status().intValue());
    return new String(bytes(response));
  }

  @Test
  void theThreadsAndTheHeapAreShown() throws Exception {
    assertTrue(text("goroutine?debug=2").contains(Thread.currentThread().getName()));
    assertTrue(text("mutex").contains("java.lang.Thread"));
    assertTrue(text("heap").contains("java.lang.String"));
    assertTrue(text("cmdline").contains("java"));
    assertTrue(text("").contains("<a href='profile'>"));
  }

  @Test
  void aProfileAndATraceAreRecordings() throws Exception {
    for (String page : new String[] {"profile?seconds=1", "trace?seconds=1"}) {
      HttpResponse response = get(page);
      assertEquals(200, response.status().intValue(), page);
      byte[] magic = {'F', 'L', 'R', 0};
      assertArrayEquals(magic, Arrays.copyOf(bytes(response), 4));
    }
  }

  @Test
  void thereIsOneRecordingAtATime() throws Exception {
    var first = pages.apply(HttpRequest.GET("/debug/pprof/profile?seconds=2"));
    HttpResponse second = get("profile?seconds=1");
    assertEquals(500, second.status().intValue());
    assertEquals(
        "Could not enable profile: cpu profiling already in use\n", new String(bytes(second)));
    first.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void anotherPageIsNotFound() throws Exception {
    assertEquals(404, get("nothing").status().intValue());
  }
}
