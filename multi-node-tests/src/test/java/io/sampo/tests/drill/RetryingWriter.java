package io.sampo.tests.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes key after key, each a number, as a client with retries does: where a member is not there,
 * the next is asked. It ends with the first answer that no other member would better.
 */
final class RetryingWriter implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Pauses of 50 ms: five seconds without anybody who answers are a failed request. */
  private static final int ATTEMPTS = 100;

  private final String prefix;
  private final List<Etcd> members;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicReference<Status> refusal = new AtomicReference<>();
  private final Thread thread = new Thread(this::write, "retrying-writer");
  private volatile boolean stopped;

  private RetryingWriter(String prefix, List<Etcd> members) {
    this.prefix = prefix;
    this.members = members;
  }

  /**
   * Begins at once.
   *
   * @param prefix of its keys
   * @param token goes with every call; empty for none
   */
  static RetryingWriter start(String prefix, List<ServerUnderTest> members, String token) {
    List<Etcd> clients =
        members.stream().map(member -> new GrpcClient(member.endpoint())).map(Etcd::new).toList();
    RetryingWriter writer =
        new RetryingWriter(
            prefix,
            token.isEmpty()
                ? clients
                : clients.stream()
                    .map(each -> new Etcd(each.client().with("token", token)))
                    .toList());
    writer.thread.start();
    return writer;
  }

  private void write() {
    while (!stopped && refusal.get() == null) {
      put(acknowledged.get());
    }
  }

  private void put(int number) {
    Status last = Status.OK;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Etcd member = members.get((number + attempt) % members.size());
      try {
        member.put(PutRequest.newBuilder().setKey(Etcd.bytes(key(number))));
        acknowledged.incrementAndGet();
        return;
      } catch (StatusRuntimeException e) {
        last = e.getStatus();
        if (last.getCode() != Status.Code.UNAVAILABLE) {
          break;
        }
        member.client().reconnect();
        Await.pause(Duration.ofMillis(50));
      }
    }
    refusal.set(last);
  }

  private String key(int number) {
    return prefix + "%06d".formatted(number);
  }

  /** Waits until so many more are acknowledged. */
  void awaitMore(int writes) {
    int goal = acknowledged.get() + writes;
    Await.until(
        LIMIT,
        () -> "no more writes at " + acknowledged + ": " + refusal,
        () -> acknowledged.get() >= goal);
  }

  /** Waits for the answer that ended it, and returns its text. */
  String awaitRefusal() {
    Await.until(LIMIT, () -> "still taken", () -> refusal.get() != null);
    return refusal.get().getDescription();
  }

  /** Ends it; no request of it failed. */
  void stopWithoutFailure() {
    stop();
    assertEquals(null, refusal.get(), "after " + acknowledged);
  }

  /** Ends it; what was acknowledged is there, and after a refusal nothing else. */
  void assertKept(Etcd reader) {
    stop();
    RangeRequest.Builder all =
        RangeRequest.newBuilder()
            .setKey(Etcd.bytes(prefix))
            .setRangeEnd(Etcd.bytes(prefix + "~"))
            .setCountOnly(true);
    assertEquals(acknowledged.get(), reader.range(all).getCount(), prefix);
  }

  private void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stop();
    members.forEach(member -> member.client().close());
  }
}
