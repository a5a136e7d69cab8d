package io.sampo.tests.abuse;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rude clients, in small, harm neither the server nor the good client beside them. */
@RequiresTool({"openssl", "prlimit"})
class AbuseTest {
  private static final Duration BEFORE = Duration.ofMillis(100);
  private static final Duration AFTER = Duration.ofMillis(200);

  /**
   * Above what was resident before; the heap grows by that much before its old objects are looked
   * at.
   */
  private static final double GROWTH_MEGABYTES = 120;

  /** Generous: a machine with two cores may run several builds. */
  private static final double WAIT_MILLIS = 5_000;

  /** Beside one for each connection that fails. */
  private static final int LOG_LINES = 20;

  private static final Duration FILE_LIMIT_LENGTH = Duration.ofSeconds(4);

  /** Of one processor, in each second; a loop that asks again without a pause takes all it gets. */
  private static final double BUSY_SHARE = 0.4;

  private static AbusedServer server;

  /** One server for all, but for those whom it did not survive. */
  @BeforeEach
  void start() {
    if (server == null || !server.isRunning()) {
      stop();
      server = AbusedServer.start(ServerProgram.underTest(), UnansweredPings.KEEPALIVE, true, 0);
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  static Stream<Named<Abuse>> brief() {
    return Abuses.brief().stream().map(abuse -> Named.of(abuse.title(), abuse));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brief")
  void harmsNobody(Abuse abuse) throws IOException {
    check(abuse, server.suffer(abuse, BEFORE, AFTER));
  }

  @Test
  void whoStaysSilentIsClosedInTime() throws Exception {
    List<Abuse> abuses = Abuses.slow();
    ExecutorService threads = Executors.newFixedThreadPool(abuses.size());
    try {
      List<Future<Outcome>> outcomes = new ArrayList<>();
      for (Abuse abuse : abuses) {
        outcomes.add(threads.submit(() -> server.suffer(abuse, BEFORE, AFTER)));
      }
      for (int i = 0; i < abuses.size(); i++) {
        check(abuses.get(i), outcomes.get(i).get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void moreConnectionsThanFilesWaitWithoutWork() throws IOException {
    Abuse abuse = Abuses.fileLimit(FILE_LIMIT_LENGTH);
    try (AbusedServer limited =
        AbusedServer.start(ServerProgram.underTest(), List.of(), false, abuse.fileLimit())) {
      Outcome outcome = limited.suffer(abuse, BEFORE, AFTER);
      check(abuse, outcome);
      assertTrue(
          outcome.leastCpuShare() < BUSY_SHARE,
          () ->
              "busy with nothing, %.2f: %s".formatted(outcome.leastCpuShare(), Table.row(outcome)));
    }
  }

  private static void check(Abuse abuse, Outcome outcome) {
    String row = Table.row(outcome);
    assertAll(
        abuse.title(),
        () -> assertEquals(0, outcome.good().errors(), "the good client's errors: " + row),
        () -> assertTrue(outcome.good().calls() > 0, "the good client got no answer: " + row),
        () -> assertTrue(outcome.good().worstMillis() < WAIT_MILLIS, "it waited: " + row),
        () -> assertTrue(outcome.growthMegabytes() < GROWTH_MEGABYTES, "memory grew: " + row),
        () -> assertEquals(List.of(), outcome.unmet(), row),
        () -> assertEquals(0, outcome.log().largestStack(), "logged: " + outcome.log()),
        () ->
            assertTrue(
                !isSampo() || outcome.log().lines() <= LOG_LINES + outcome.connections(),
                "many lines: " + row),
        () -> {
          if (isToBeClosed(abuse)) {
            assertEquals(outcome.connections(), outcome.closed(), "not closed: " + row);
          }
        });
  }

  private static boolean isToBeClosed(Abuse abuse) {
    return isSampo() ? abuse.isToBeClosed() : abuse.isClosedByEtcd();
  }

  /** A real etcd lets some of it pass, and writes a line for each stream that breaks. */
  private static boolean isSampo() {
    return ServerProgram.underTest().name().equals(ServerProgram.sampo().name());
  }
}
