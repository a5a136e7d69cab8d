package io.sampo.tests.abuse;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import java.time.Duration;

/** Puts a key and gets it, every 20 ms, on one connection; remembers its worst answer. */
final class GoodClient implements AutoCloseable {
  private static final Duration THINKING = Duration.ofMillis(20);

  /** Of one call. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final ByteString KEY = Etcd.bytes("good");

  private final GrpcClient client;
  private final Thread thread;
  private volatile boolean ended;
  private int calls;
  private int errors;
  private String firstError = "";
  private long worstNanos;
  private long callNanos;

  /** What it met with; a call without an answer yet counts with the time it has waited. */
  record Experience(int calls, int errors, String firstError, double worstMillis) {}

  /** Is connected when this returns. */
  GoodClient(String endpoint) {
    client = new GrpcClient(endpoint, LIMIT);
    new Etcd(client).range(RangeRequest.newBuilder().setKey(KEY));
    thread = new Thread(this::run, "good client");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    Etcd etcd = new Etcd(client);
    while (!ended) {
      call(() -> etcd.put(PutRequest.newBuilder().setKey(KEY).setValue(KEY)));
      call(() -> etcd.range(RangeRequest.newBuilder().setKey(KEY)));
      Await.pause(THINKING);
    }
  }

  private void call(Runnable request) {
    begin();
    String error = "";
    try {
      request.run();
    } catch (StatusRuntimeException e) {
      error = e.getMessage();
      client.reconnect();
    }
    end(error);
  }

  private synchronized void begin() {
    callNanos = System.nanoTime();
  }

  private synchronized void end(String error) {
    calls++;
    worstNanos = Math.max(worstNanos, System.nanoTime() - callNanos);
    callNanos = 0;
    if (!error.isEmpty() && !ended) {
      errors++;
      firstError = firstError.isEmpty() ? error : firstError;
    }
  }

  /** Forgets everything so far. */
  synchronized void reset() {
    calls = 0;
    errors = 0;
    firstError = "";
    worstNanos = 0;
  }

  synchronized Experience experience() {
    long waiting = callNanos == 0 ? 0 : System.nanoTime() - callNanos;
    return new Experience(calls, errors, firstError, Math.max(worstNanos, waiting) / 1e6);
  }

  @Override
  public void close() {
    ended = true;
    client.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
