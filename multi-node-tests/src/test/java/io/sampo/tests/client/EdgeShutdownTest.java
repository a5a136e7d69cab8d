package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.tests.abuse.LogFigures;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** SIGTERM with work under way: whoever tries again sees no failure, and the log no stack. */
@RequiresTool("curl")
class EdgeShutdownTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int CALLERS = 8;
  private static final int SOME_CALLS = 200;

  private static final MethodDescriptor<PutRequest, PutResponse> PUT =
      MethodDescriptor.<PutRequest, PutResponse>newBuilder()
          .setFullMethodName("etcdserverpb.KV/Put")
          .setType(MethodDescriptor.MethodType.UNARY)
          .setRequestMarshaller(ProtoUtils.marshaller(PutRequest.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(PutResponse.getDefaultInstance()))
          .build();

  @Test
  void callersWhoTryAgainSeeNothing() {
    try (ServerUnderTest server = ServerUnderTest.start(ServerProgram.underTest());
        Callers callers = new Callers(server.endpoint());
        RunningCommand waits = waitingForALock(server);
        Http1Connection half = Http1Connection.open(server.clientPort())) {
      half.raw("POST /v3/kv/put HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{\"key\":");
      callers.awaitMore(SOME_CALLS);
      server.stop();
      Await.until(LIMIT, () -> "the lock's caller waits on", () -> !waits.isRunning());
      assertNoStack(server.log());
      server.start();
      callers.awaitMore(SOME_CALLS);
      assertEquals(List.of(), callers.failures());
    }
  }

  /** A real etcd writes one when its listener closes. */
  private static void assertNoStack(String text) {
    if (ServerProgram.underTest().name().equals(ServerProgram.sampo().name())) {
      LogFigures log = LogFigures.of(text, 0);
      assertEquals(0, log.largestStack(), log::stackBegin);
    }
  }

  private static RunningCommand waitingForALock(ServerUnderTest server) {
    Curl curl = new Curl(server);
    String name = "{\"name\":\"" + Curl.base64("held") + "\"}";
    assertEquals(200, curl.post("/v3/lock/lock", name).status());
    return curl.stream("/v3/lock/lock", name);
  }

  /** Each writes one call behind the other, waiting for a connection where there is none. */
  private static final class Callers implements AutoCloseable {
    private final ManagedChannel channel;
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean stopped;

    Callers(String endpoint) {
      channel = NettyChannelBuilder.forTarget(endpoint).usePlaintext().build();
      for (int i = 0; i < CALLERS; i++) {
        threads.add(new Thread(this::callAgainAndAgain, "caller " + i));
      }
      threads.forEach(Thread::start);
    }

    private void callAgainAndAgain() {
      PutRequest request =
          PutRequest.newBuilder().setKey(Etcd.bytes("k")).setValue(Etcd.bytes("v")).build();
      while (!stopped) {
        CallOptions options =
            CallOptions.DEFAULT
                .withWaitForReady()
                .withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS);
        try {
          ClientCalls.blockingUnaryCall(channel, PUT, options, request);
          calls.incrementAndGet();
        } catch (io.grpc.StatusRuntimeException failure) {
          failures.add(failure.getStatus().toString());
          return;
        }
      }
    }

    void awaitMore(int more) {
      int goal = calls.get() + more;
      Await.until(
          LIMIT,
          () -> calls + " calls, failures: " + failures,
          () -> calls.get() >= goal || !failures.isEmpty());
    }

    List<String> failures() {
      return List.copyOf(failures);
    }

    @Override
    public void close() {
      stopped = true;
      channel.shutdownNow();
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
