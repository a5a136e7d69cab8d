package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The {@code grpc_server_*} families and etcd's own counters of client traffic. */
public final class GrpcMetrics implements GrpcListener {
  private final Map<String, OfMethod> methods = new HashMap<>();
  private final Counter clientRequests;
  private final Map<String, CounterDataPoint> requestsByVersion = new ConcurrentHashMap<>();
  private final Counter receivedBytes;
  private final Counter sentBytes;

  /** Resolved once, so that a call costs no look-up of labels. */
  private record OfMethod(
      CounterDataPoint started,
      CounterDataPoint handledOk,
      Map<Status.Code, CounterDataPoint> handled,
      CounterDataPoint received,
      CounterDataPoint sent,
      DistributionDataPoint handling) {}

  /**
   * @param extensive whether {@code --metrics=extensive} asks for the latency histogram per method
   */
  public GrpcMetrics(
      MetricsRegistry registry, Collection<? extends GrpcMethod> methods, boolean extensive) {
    Counter started = family(registry, "started", "Total number of RPCs started on the server.");
    Counter handled =
        registry.counter(
            "grpc_server_handled_total",
            "Total number of RPCs completed on the server, regardless of success or failure.",
            "grpc_type",
            "grpc_service",
            "grpc_method",
            "grpc_code");
    Counter received =
        family(
            registry,
            "msg_received",
            "Total number of RPC stream messages received on the server.");
    Counter sent =
        family(registry, "msg_sent", "Total number of gRPC stream messages sent by the server.");
    Histogram handling =
        extensive
            ? Histogram.builder()
                .name("grpc_server_handling_seconds")
                .help(
                    "Histogram of response latency (seconds) of gRPC that had been"
                        + " application-level handled by the server.")
                .classicOnly()
                .classicUpperBounds(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
                .labelNames("grpc_type", "grpc_service", "grpc_method")
                .register(registry.library())
            : null;
    for (GrpcMethod method : methods) {
      String[] path = method.path().substring(1).split("/");
      Map<Status.Code, CounterDataPoint> byCode = new ConcurrentHashMap<>();
      for (Status.Code code : Status.Code.values()) {
        byCode.put(code, handled.labelValues(method.type(), path[0], path[1], CodeNames.of(code)));
      }
      this.methods.put(
          method.path(),
          new OfMethod(
              started.labelValues(method.type(), path[0], path[1]),
              byCode.get(Status.Code.OK),
              byCode,
              received.labelValues(method.type(), path[0], path[1]),
              sent.labelValues(method.type(), path[0], path[1]),
              handling == null ? null : handling.labelValues(method.type(), path[0], path[1])));
    }
    clientRequests =
        registry.counter(
            "etcd_server_client_requests_total",
            "The total number of client requests per client version.",
            "type",
            "client_api_version");
    receivedBytes =
        registry.counter(
            "etcd_network_client_grpc_received_bytes_total",
            "The total number of bytes received from grpc clients.");
    sentBytes =
        registry.counter(
            "etcd_network_client_grpc_sent_bytes_total",
            "The total number of bytes sent to grpc clients.");
  }

  private static Counter family(MetricsRegistry registry, String what, String help) {
    return registry.counter(
        "grpc_server_" + what + "_total", help, "grpc_type", "grpc_service", "grpc_method");
  }

  private static boolean isUnary(GrpcMethod method) {
    return method.type().equals("unary");
  }

  @Override
  public void started(GrpcMethod method, GrpcCall call, long requestBytes) {
    OfMethod metrics = methods.get(method.path());
    metrics.started().inc();
    boolean unary = isUnary(method);
    requestsByVersion
        .computeIfAbsent(
            (unary ? "unary " : "stream ") + call.clientApiVersion(),
            key -> clientRequests.labelValues(unary ? "unary" : "stream", call.clientApiVersion()))
        .inc();
    if (unary) {
      metrics.received().inc();
      receivedBytes.inc(requestBytes);
    }
  }

  @Override
  public void finished(
      GrpcMethod method, GrpcCall call, Status.Code code, long responseBytes, long nanos) {
    OfMethod metrics = methods.get(method.path());
    if (code == Status.Code.OK) {
      metrics.handledOk().inc();
    } else {
      metrics.handled().get(code).inc();
    }
    if (isUnary(method)) {
      if (code == Status.Code.OK) {
        metrics.sent().inc();
      }
      sentBytes.inc(responseBytes);
      if (metrics.handling() != null) {
        metrics.handling().observe(nanos / 1e9);
      }
    }
  }

  @Override
  public void streamed(GrpcMethod method, boolean received, long bytes) {
    OfMethod metrics = methods.get(method.path());
    if (received) {
      metrics.received().inc();
      receivedBytes.inc(bytes);
    } else {
      metrics.sent().inc();
      sentBytes.inc(bytes);
    }
  }
}
