package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes numbers to one key, one after another and through whichever member answers, until it is
 * closed; what was acknowledged must then be there.
 */
final class SteadyWriter implements AutoCloseable {
  private static final String KEY = encoded("steady");
  private static final int OK = 200;

  private final List<ServerUnderTest> members;
  private final AtomicInteger acknowledged = new AtomicInteger(-1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::write, "steady-writer");
  private volatile boolean stopped;

  private SteadyWriter(List<ServerUnderTest> members) {
    this.members = members;
  }

  /**
   * Begins at once.
   *
   * @param members may change meanwhile
   */
  static SteadyWriter start(List<ServerUnderTest> members) {
    SteadyWriter writer = new SteadyWriter(members);
    writer.thread.start();
    return writer;
  }

  private void write() {
    try {
      for (int number = 0; !stopped; number++) {
        while (!stopped && !put(number)) {
          Thread.onSpinWait();
        }
      }
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  /** Any refusal means: not now. */
  private boolean put(int number) {
    String body = "{\"key\":\"" + KEY + "\",\"value\":\"" + encoded("" + number) + "\"}";
    for (ServerUnderTest member : new ArrayList<>(members)) {
      try {
        if (Http.send("POST", member.url() + "/v3/kv/put", body).status() == OK) {
          acknowledged.set(number);
          return true;
        }
      } catch (AssertionError nobodyThere) {
        // The next member is asked.
        continue;
      }
    }
    return false;
  }

  /** Waits until so many more are acknowledged. */
  void awaitMore(int writes) {
    int goal = acknowledged.get() + writes;
    Await.until(Duration.ofSeconds(60), () -> "no more writes", () -> acknowledged.get() >= goal);
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (failure.get() != null) {
      throw new AssertionError("the writer failed", failure.get());
    }
    int last = acknowledged.get();
    String body = "{\"key\":\"" + KEY + "\"}";
    String answer = Http.send("POST", members.get(0).url() + "/v3/kv/range", body).body();
    String value = answer.replaceAll(".*\"value\":\"([^\"]*)\".*", "$1").strip();
    int found =
        Integer.parseInt(new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
    assertTrue(found >= last, () -> "acknowledged " + last + ", found " + found);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
