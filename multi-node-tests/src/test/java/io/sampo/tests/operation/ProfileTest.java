package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import org.junit.jupiter.api.Test;

/** What shows where a running process spends its time and memory. */
class ProfileTest {
  @Test
  void profilesAreServedIfAskedFor() {
    try (ServerUnderTest server =
        ServerUnderTest.start(ServerProgram.underTest(), "--enable-pprof")) {
      assertTrue(server.log().contains("pprof is enabled"));
      assertEquals(200, get(server, "").status());
      assertTrue(get(server, "goroutine?debug=2").body().contains("main"));
      assertTrue(get(server, "heap").body().contains("java.lang.String"));
      assertTrue(get(server, "profile?seconds=1").body().startsWith("FLR"));
    }
  }

  private static Http.Answer get(ServerUnderTest server, String page) {
    return Http.tryGet(server.url() + "/debug/pprof/" + page).orElseThrow();
  }
}
