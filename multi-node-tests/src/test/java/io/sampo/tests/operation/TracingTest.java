package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.operation.SpanCollector.CollectedSpan;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Spans of a real process, sent to a collector. */
class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String CALL = "etcdserverpb.KV/Put";

  @Test
  void aPutIsTracedUnderTheTraceOfItsClient() {
    try (SpanCollector collector = new SpanCollector();
        ServerUnderTest server =
            ServerUnderTest.start(
                ServerProgram.underTest(),
                "--enable-distributed-tracing",
                "--distributed-tracing-address=" + collector.address(),
                "--distributed-tracing-service-name=store",
                "--distributed-tracing-instance-id=one");
        GrpcClient client = new GrpcClient(server.url().replace("http://", ""))) {
      assertTrue(server.log().contains("distributed tracing setup enabled"));
      put(client, "unsampled");
      put(client.with("traceparent", "00-" + TRACE + "-" + PARENT + "-01"), "sampled");
      put(client.with("traceparent", "00-" + TRACE + "-" + PARENT + "-00"), "unwanted");
      Await.until(Duration.ofSeconds(60), server::log, () -> collector.span(CALL).isPresent());

      CollectedSpan call = callOfAPut(collector, server);
      assertEquals(Map.of("service.instance.id", "one", "service.name", "store"), call.resource());
      CollectedSpan put = collector.span("put").orElseThrow();
      assertEquals("go.etcd.io/etcd", put.scope());
      assertEquals(TRACE, put.traceId());
      assertEquals(call.id(), put.parent());
      assertEquals(Map.of("key", "sampled"), put.attributes());
      assertEquals(List.of("Send raft proposal", "Receive raft result"), put.events());
      assertEquals(2, collector.spans().size());
    }
  }

  @Test
  void everyCallIsTracedAtTheHighestRateAndWhatIsLeftIsSentAtTheEnd() {
    try (SpanCollector collector = new SpanCollector();
        ServerUnderTest server =
            ServerUnderTest.start(
                ServerProgram.underTest(),
                "--enable-distributed-tracing",
                "--distributed-tracing-address=" + collector.address(),
                "--distributed-tracing-sampling-rate=1000000");
        GrpcClient client = new GrpcClient(server.url().replace("http://", ""))) {
      Etcd etcd = new Etcd(client);
      put(client, "key");
      etcd.grant(1234, 60);
      etcd.revoke(1234);
      server.stop();
      Set<String> names =
          collector.spans().stream().map(CollectedSpan::name).collect(Collectors.toSet());
      assertTrue(
          names.containsAll(
              Set.of(
                  CALL,
                  "put",
                  "lease_grant",
                  "lease_revoke",
                  "etcdserverpb.Lease/LeaseGrant",
                  "etcdserverpb.Lease/LeaseRevoke")),
          names::toString);
      assertEquals(
          Map.of("id", "1234", "ttl", "60"),
          collector.span("lease_grant").orElseThrow().attributes());
      assertEquals(Map.of("service.name", "etcd"), collector.spans().get(0).resource());
    }
  }

  /** Under the client's own span, with what is known of a call. */
  private static CollectedSpan callOfAPut(SpanCollector collector, ServerUnderTest server) {
    CollectedSpan call = collector.span(CALL).orElseThrow();
    assertEquals(TRACE, call.traceId());
    assertEquals(PARENT, call.parent());
    assertEquals(
        Map.of(
            "rpc.method",
            CALL,
            "rpc.response.status_code",
            "OK",
            "rpc.system.name",
            "grpc",
            "server.address",
            "127.0.0.1",
            "server.port",
            server.url().replaceAll(".*:", "")),
        call.attributes());
    return call;
  }

  /** The gateway hands on what is meant for gRPC: not a header of its own protocol. */
  @Test
  void aCallOverJsonHasTheSpansOfItsGrpcCall() throws Exception {
    String wanted = "00-" + TRACE + "-" + PARENT + "-01";
    try (SpanCollector collector = new SpanCollector();
        ServerUnderTest server =
            ServerUnderTest.start(
                ServerProgram.underTest(),
                "--enable-distributed-tracing",
                "--distributed-tracing-address=" + collector.address())) {
      putJson(server, "traceparent", wanted);
      assertEquals(200, putJson(server, "Grpc-Metadata-Traceparent", wanted));
      Await.until(Duration.ofSeconds(60), server::log, () -> collector.span(CALL).isPresent());

      CollectedSpan call = callOfAPut(collector, server);
      CollectedSpan put = collector.span("put").orElseThrow();
      assertEquals(call.id(), put.parent());
      assertEquals(Map.of("key", "foo"), put.attributes());
      assertEquals(List.of("Send raft proposal", "Receive raft result"), put.events());
      assertEquals(2, collector.spans().size());
    }
  }

  private static int putJson(ServerUnderTest server, String header, String value) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/v3/kv/put"))
            .header(header, value)
            .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"Zm9v\"}"))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static void put(GrpcClient client, String key) {
    new Etcd(client)
        .put(PutRequest.newBuilder().setKey(Etcd.bytes(key)).setValue(ByteString.EMPTY));
  }
}
