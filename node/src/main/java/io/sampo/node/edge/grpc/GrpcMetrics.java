package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.sampo.node.metrics.MetricsRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The {@code grpc_server_*} families and etcd's own counters of client traffic. */
public final class GrpcMetrics implements GrpcListener {
  /** etcd adds these to its server after it has shown the series of all others. */
  private static final Set<String> ADDED_LATE = Set.of("v3lockpb.Lock", "v3electionpb.Election");

  private final Map<String, MethodMetrics> methods = new ConcurrentHashMap<>();
  private final MethodMetrics.Families families;
  private final Counter clientRequests;
  private final Map<String, CounterDataPoint> requestsByVersion = new ConcurrentHashMap<>();
  private final Counter receivedBytes;
  private final Counter sentBytes;

  /**
   * @param extensive whether {@code --metrics=extensive} asks for the latency histogram per method
   */
  public GrpcMetrics(
      MetricsRegistry registry, Collection<? extends GrpcMethod> methods, boolean extensive) {
    families = MethodMetrics.Families.register(registry, extensive);
    for (GrpcMethod method : methods) {
      if (!ADDED_LATE.contains(method.path().substring(1).split("/")[0])) {
        this.methods.put(method.path(), families.of(method).withAllCodes());
      }
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

  private MethodMetrics of(GrpcMethod method) {
    MethodMetrics known = methods.get(method.path());
    return known == null
        ? methods.computeIfAbsent(method.path(), path -> families.of(method))
        : known;
  }

  private static boolean isUnary(GrpcMethod method) {
    return method.type().equals("unary");
  }

  @Override
  public void started(GrpcMethod method, GrpcCall call, long requestBytes) {
    MethodMetrics metrics = of(method);
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
    MethodMetrics metrics = of(method);
    metrics.handled(code).inc();
    if (method.type().equals("bidi_stream")) {
      metrics.received().inc(); // etcd counts the attempt that finds the end
    }
    if (isUnary(method)) {
      metrics.sent().inc();
      sentBytes.inc(responseBytes);
      if (metrics.handling() != null) {
        metrics.handling().observe(nanos / 1e9);
      }
    }
  }

  @Override
  public void streamed(GrpcMethod method, boolean received, int messages, long bytes) {
    MethodMetrics metrics = of(method);
    if (received) {
      metrics.received().inc(messages);
      receivedBytes.inc(bytes);
    } else {
      metrics.sent().inc(messages);
      sentBytes.inc(bytes);
    }
  }
}
