package io.sampo.tests.failover;

import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that write one put after the other. Where one fails, its client connects anew to the next
 * member and tries again soon.
 */
final class WritingClients implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final List<ServerUnderTest> members;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  WritingClients(List<ServerUnderTest> members) {
    this.members = members;
  }

  void begin(int count) {
    for (int client = 0; client < count; client++) {
      int number = client;
      Thread thread = new Thread(() -> run(number), "client " + client);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void run(int number) {
    for (int turn = number; !closed; turn++) {
      try (GrpcClient client =
          new GrpcClient(members.get(turn % members.size()).endpoint(), LIMIT)) {
        while (!closed) {
          client.call("/etcdserverpb.KV/Put", put(number), PutResponse.getDefaultInstance());
        }
      } catch (StatusRuntimeException e) {
        // Whatever it is, another member may do better.
        Await.pause(PAUSE);
      }
    }
  }

  private static PutRequest put(int number) {
    return PutRequest.newBuilder()
        .setKey(Etcd.bytes("client/" + number))
        .setValue(Etcd.bytes("value"))
        .build();
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
