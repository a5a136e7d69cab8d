package io.sampo.node.metrics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.node.api.grpc.GrpcMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

class GrpcMetricsTest {
  private static final String FAILURES = "etcd_network_server_stream_failures_total";

  private final MetricsRegistry registry = new MetricsRegistry();
  private final GrpcMethod watch =
      new GrpcMethod.Streaming(
          "/etcdserverpb.Watch/Watch", "bidi_stream", (messages, call) -> Source.empty());
  private final GrpcMetrics metrics = new GrpcMetrics(registry, List.of(watch), false);

  @Test
  void aClientThatLeavesOrRunsOutOfTimeBreaksNoStream() {
    metrics.finished(watch, null, Status.Code.OK, 0, 0);
    metrics.finished(watch, null, Status.Code.CANCELLED, 0, 0);
    metrics.finished(watch, null, Status.Code.DEADLINE_EXCEEDED, 0, 0);
    assertFalse(page().contains(FAILURES), this::page);
  }

  @Test
  void whatTheServerCouldNotReadDoes() {
    metrics.finished(watch, null, Status.Code.INTERNAL, 0, 0);
    assertTrue(page().contains(FAILURES + "{API=\"watch\",Type=\"send\"} 1.0"), this::page);
  }

  private String page() {
    return new String(registry.scrape(null).body(), StandardCharsets.UTF_8);
  }
}
