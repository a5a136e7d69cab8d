package io.sampo.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import io.sampo.gateway.transcode.CallListener;
import io.sampo.node.edge.grpc.GrpcMethod;
import io.sampo.node.edge.grpc.GrpcMetrics;
import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import java.util.List;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;
import org.junit.jupiter.api.Test;

class GatewayCallsTest {
  private static final String PUT = of("Put", "KV", "unary");
  private static final String WATCH = of("Watch", "Watch", "bidi_stream");

  private final MetricsRegistry registry = new MetricsRegistry();
  private final List<GrpcMethod> methods =
      List.of(
          new GrpcMethod.Unary("/etcdserverpb.KV/Put", null),
          new GrpcMethod.Framed("/etcdserverpb.Watch/Watch", "bidi_stream", null));
  private final GatewayCalls calls =
      new GatewayCalls(methods, new GrpcMetrics(registry, methods, true), () -> 0);

  private static String of(String method, String service, String type) {
    return "grpc_method=\"%s\",grpc_service=\"etcdserverpb.%s\",grpc_type=\"%s\"}"
        .formatted(method, service, type);
  }

  private CallListener.Call begin(String path) {
    return calls.begun(path, new MetadataBuilder().build());
  }

  private double value(String series) {
    return MetricsPage.value(registry, series);
  }

  @Test
  void aUnaryCallCountsAsOneOfGrpc() {
    CallListener.Call call = begin("/etcdserverpb.KV/Put");
    call.received(10);
    call.sent(20);
    call.ended(Status.Code.OK);
    assertEquals(1, value("grpc_server_started_total{" + PUT));
    assertEquals(1, value("grpc_server_msg_received_total{" + PUT));
    assertEquals(1, value("grpc_server_msg_sent_total{" + PUT));
    assertEquals(1, value("grpc_server_handled_total{grpc_code=\"OK\"," + PUT));
    assertEquals(15, value("etcd_network_client_grpc_received_bytes_total"));
    assertEquals(25, value("etcd_network_client_grpc_sent_bytes_total"));
    assertEquals(
        1,
        value("etcd_server_client_requests_total{client_api_version=\"unknown\",type=\"unary\"}"));
  }

  @Test
  void aStreamCountsItsMessagesAndItsEnd() {
    CallListener.Call call = begin("/etcdserverpb.Watch/Watch");
    call.received(10);
    call.sent(20);
    call.sent(20);
    call.ended(Status.Code.CANCELLED);
    assertEquals(1, value("grpc_server_started_total{" + WATCH));
    assertEquals(1, value("grpc_server_msg_received_total{" + WATCH));
    assertEquals(2, value("grpc_server_msg_sent_total{" + WATCH));
    assertEquals(1, value("grpc_server_handled_total{grpc_code=\"Canceled\"," + WATCH));
  }
}
