package io.sampo.node.training;

import io.sampo.node.boot.PekkoSettings;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.MemberListRequest;
import io.sampo.protocol.etcdserverpb.SnapshotRequest;
import io.sampo.protocol.etcdserverpb.StatusRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Clients of a node, on many connections, in a Pekko system of their own. Not thread-safe. */
final class RehearsalClient implements AutoCloseable {
  private static final int CONNECTIONS = 20;
  private static final int IN_FLIGHT = 500;
  private static final int CALLS_MAX = 150_000;
  private static final long ANSWER_SECONDS = 5;

  private final int port;
  private final LongSupplier nanoTime;
  private final ActorSystem<Void> system =
      ActorSystem.create(Behaviors.empty(), "rehearsal", PekkoSettings.load().resolve());
  private final Materializer materializer = Materializer.matFromSystem(system.classicSystem());
  private final Semaphore permits = new Semaphore(IN_FLIGHT);
  private final List<BoundedSourceQueue<HttpRequest>> connections = new ArrayList<>();

  RehearsalClient(int port, LongSupplier nanoTime) {
    this.port = port;
    this.nanoTime = nanoTime;
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(connect());
    }
  }

  private BoundedSourceQueue<HttpRequest> connect() {
    return Source.<HttpRequest>queue(IN_FLIGHT)
        .viaMat(
            Http.get(system).connectionTo("127.0.0.1").toPort(port).http2WithPriorKnowledge(),
            Keep.left())
        .toMat(Sink.foreach(this::onAnswer), Keep.left())
        .run(materializer);
  }

  private void onAnswer(HttpResponse response) {
    permits.release();
    if (!(response.entity() instanceof HttpEntity.Strict)) {
      response.entity().withoutSizeLimit().getDataBytes().runWith(Sink.ignore(), materializer);
    }
  }

  /** Every kind of call once or often, for about this long. */
  void work(Duration load) throws IOException, InterruptedException {
    long end = nanoTime.getAsLong() + load.toNanos();
    send(0, RehearsalCalls.grant());
    send(1, RehearsalCalls.watch(5));
    send(2, RehearsalCalls.keepAlives(5_000));
    overHttp();
    for (int call = 0; call < CALLS_MAX && nanoTime.getAsLong() < end; call++) {
      send(call, call % 4 == 0 ? RehearsalCalls.mixed(call / 4) : RehearsalCalls.put(call));
    }
    maintain();
    settle();
  }

  private void maintain() throws InterruptedException {
    send(0, RehearsalCalls.call("Maintenance/Snapshot", SnapshotRequest.getDefaultInstance()));
    send(1, RehearsalCalls.call("Maintenance/Status", StatusRequest.getDefaultInstance()));
    send(2, RehearsalCalls.call("Cluster/MemberList", MemberListRequest.getDefaultInstance()));
    send(
        3,
        RehearsalCalls.call("KV/Compact", CompactionRequest.newBuilder().setRevision(100).build()));
    send(
        4,
        RehearsalCalls.call(
            "Lease/LeaseRevoke",
            LeaseRevokeRequest.newBuilder().setID(RehearsalCalls.LEASE).build()));
  }

  /** What HTTP/1.1 is for: JSON calls, health, metrics. */
  private void overHttp() throws IOException {
    String put = "{\"key\":\"a2V5\",\"value\":\"dmFsdWU=\"}";
    for (int i = 0; i < 50; i++) {
      http("POST", "/v3/kv/put", put);
      http("POST", "/v3/kv/range", "{\"key\":\"a2V5\"}");
    }
    for (String path : List.of("/health", "/readyz", "/version", "/metrics")) {
      http("GET", path, "");
    }
  }

  private void http(String method, String path, String body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
      String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
      String rest = "Content-Length: " + body.length() + "\r\n\r\n" + body;
      socket.getOutputStream().write((head + rest).getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    }
  }

  private void send(int connection, HttpRequest request) throws InterruptedException {
    await(1);
    QueueOfferResult outcome = connections.get(connection % CONNECTIONS).offer(request);
    if (!outcome.isEnqueued()) {
      throw new IllegalStateException("a connection of the rehearsal is gone: " + outcome);
    }
  }

  private void settle() throws InterruptedException {
    await(IN_FLIGHT);
    permits.release(IN_FLIGHT);
  }

  private void await(int answers) throws InterruptedException {
    if (!permits.tryAcquire(answers, ANSWER_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the rehearsal waited in vain for an answer");
    }
  }

  /** Ends the system with all its connections. */
  @Override
  public void close() {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("the rehearsal's clients did not end", e);
    }
  }
}
