package io.sampo.tests.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * SIGKILL at random moments under load, small snapshots all the time. More rounds: {@code
 * -Dsampo.crash.rounds=1000}; another course of events: {@code -Dsampo.crash.seed=7}.
 */
class CrashTest {

  private static final int ROUNDS = Integer.getInteger("sampo.crash.rounds", 30);
  private static final long SEED = Long.getLong("sampo.crash.seed", 1);
  private static final int WRITERS = 8;
  private static final int MAX_LOAD_MILLIS = 1_500;
  private static final int MAX_START_MILLIS = 1_200;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void everyAcknowledgedWriteIsThereAfterAKill() throws InterruptedException {
    List<Writer> writers = new ArrayList<>();
    for (int number = 0; number < WRITERS; number++) {
      writers.add(new Writer(number, random.nextLong()));
    }
    try (ServerUnderTest server =
        ServerUnderTest.start(
            ServerProgram.underTest(), "--snapshot-count=200", "--snapshot-catchup-entries=50")) {
      for (int round = 1; round <= ROUNDS; round++) {
        loadAndKill(server, writers);
        if (random.nextInt(4) == 0) {
          killWhileItStarts(server);
        }
        server.start();
        audit(server, writers, round);
      }
      // A kill leaves no copy of LevelDB's library behind.
      String[] libraries = server.dataDirectory().resolve("member/native").toFile().list();
      assertTrue(libraries == null || libraries.length <= 1, () -> Arrays.toString(libraries));
    }
    int operations = writers.stream().mapToInt(writer -> writer.ledger().operations()).sum();
    System.out.printf("%d kills, %d acknowledged operations, none lost%n", ROUNDS, operations);
    assertTrue(operations > ROUNDS * WRITERS, "there was load: " + operations);
  }

  private void loadAndKill(ServerUnderTest server, List<Writer> writers)
      throws InterruptedException {
    try (GrpcClient client = new GrpcClient(server.endpoint())) {
      List<Thread> threads = new ArrayList<>();
      for (Writer writer : writers) {
        Thread thread = new Thread(() -> writer.run(new Etcd(client)));
        thread.start();
        threads.add(thread);
      }
      Thread.sleep(50 + random.nextInt(MAX_LOAD_MILLIS));
      assertTrue(server.isRunning(), () -> "ended by itself:\n" + server.log());
      server.kill();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    for (Writer writer : writers) {
      var code = writer.lastFailure().getStatus().getCode();
      assertTrue(
          code == io.grpc.Status.Code.UNAVAILABLE || code == io.grpc.Status.Code.UNKNOWN,
          () -> "a request was refused: " + writer.lastFailure());
    }
  }

  private void killWhileItStarts(ServerUnderTest server) throws InterruptedException {
    server.launch();
    Thread.sleep(random.nextInt(MAX_START_MILLIS));
    server.kill();
  }

  private static void audit(ServerUnderTest server, List<Writer> writers, int round) {
    try (GrpcClient client = new GrpcClient(server.endpoint())) {
      Audit.check(new Etcd(client), writers);
    } catch (AssertionError e) {
      throw new AssertionError(
          "round %d of seed %d: %s%n%s".formatted(round, SEED, e.getMessage(), server.log()), e);
    }
  }
}
