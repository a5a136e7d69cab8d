package io.sampo.node.edge.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;
import org.junit.jupiter.api.Test;

/** What is counted is what etcd 3.7.1 counts for the same calls. */
class GrpcMetricsTest {
  private static final GrpcMethod PUT = new GrpcMethod.Unary("/etcdserverpb.KV/Put", null);
  private static final GrpcMethod LOCK = new GrpcMethod.Unary("/v3lockpb.Lock/Lock", null);
  private static final GrpcMethod WATCH =
      new GrpcMethod.Framed("/etcdserverpb.Watch/Watch", "bidi_stream", null);

  private final MetricsRegistry registry = new MetricsRegistry();
  private final GrpcMetrics metrics = new GrpcMetrics(registry, List.of(PUT, LOCK, WATCH), false);

  private void unary(GrpcMethod method, Status.Code code, long responseBytes) {
    GrpcCall call = GrpcCall.ofGateway(method, new MetadataBuilder().build());
    metrics.started(method, call, 10);
    metrics.finished(method, call, code, responseBytes, 5);
  }

  @Test
  void aFailedCallHasAMessageEachWay() {
    unary(PUT, Status.Code.INVALID_ARGUMENT, 0);
    assertEquals(1, value("started", "", "Put", "etcdserverpb.KV", "unary"));
    assertEquals(1, value("msg_received", "", "Put", "etcdserverpb.KV", "unary"));
    assertEquals(1, value("msg_sent", "", "Put", "etcdserverpb.KV", "unary"));
    String code = "grpc_code=\"InvalidArgument\",";
    assertEquals(1, value("handled", code, "Put", "etcdserverpb.KV", "unary"));
  }

  @Test
  void bytesAreThoseOfTheMessages() {
    unary(PUT, Status.Code.OK, 7);
    assertEquals(10, MetricsPage.value(registry, "etcd_network_client_grpc_received_bytes_total"));
    assertEquals(7, MetricsPage.value(registry, "etcd_network_client_grpc_sent_bytes_total"));
  }

  @Test
  void theEndOfAStreamIsReceivedToo() {
    GrpcCall call = GrpcCall.ofGateway(WATCH, new MetadataBuilder().build());
    metrics.started(WATCH, call, 0);
    metrics.streamed(WATCH, true, 1, 20);
    metrics.streamed(WATCH, false, 3, 60);
    assertEquals(1, value("msg_received", "", "Watch", "etcdserverpb.Watch", "bidi_stream"));
    metrics.finished(WATCH, call, Status.Code.CANCELLED, 0, 0);
    assertEquals(2, value("msg_received", "", "Watch", "etcdserverpb.Watch", "bidi_stream"));
    assertEquals(3, value("msg_sent", "", "Watch", "etcdserverpb.Watch", "bidi_stream"));
  }

  @Test
  void locksShowWhenTheyAreCalledFirstAndOnlyTheCodesThatCame() {
    assertTrue(page().contains("grpc_code=\"DataLoss\",grpc_method=\"Put\""));
    assertFalse(page().contains("v3lockpb.Lock"));
    unary(LOCK, Status.Code.OK, 1);
    assertEquals(1, value("handled", "grpc_code=\"OK\",", "Lock", "v3lockpb.Lock", "unary"));
    assertFalse(page().contains("grpc_code=\"DataLoss\",grpc_method=\"Lock\""));
  }

  private String page() {
    return new String(registry.scrape(), StandardCharsets.UTF_8);
  }

  private double value(String what, String code, String method, String service, String type) {
    return MetricsPage.value(
        registry,
        "grpc_server_%s_total{%sgrpc_method=\"%s\",grpc_service=\"%s\",grpc_type=\"%s\"}"
            .formatted(what, code, method, service, type));
  }
}
