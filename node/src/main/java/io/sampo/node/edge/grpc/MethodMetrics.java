package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The series of one method, resolved once, so that a call costs no look-up of labels.
 *
 * @param handling null without {@code --metrics=extensive}
 */
record MethodMetrics(
    CounterDataPoint started,
    Map<Status.Code, CounterDataPoint> handled,
    Function<Status.Code, CounterDataPoint> newHandled,
    CounterDataPoint received,
    CounterDataPoint sent,
    DistributionDataPoint handling) {

  /** The {@code grpc_server_*} families. */
  record Families(
      Counter started, Counter handled, Counter received, Counter sent, Histogram handling) {

    static Families register(MetricsRegistry registry, boolean extensive) {
      return new Families(
          family(registry, "started", "Total number of RPCs started on the server."),
          registry.counter(
              "grpc_server_handled_total",
              "Total number of RPCs completed on the server, regardless of success or failure.",
              "grpc_type",
              "grpc_service",
              "grpc_method",
              "grpc_code"),
          family(
              registry,
              "msg_received",
              "Total number of RPC stream messages received on the server."),
          family(registry, "msg_sent", "Total number of gRPC stream messages sent by the server."),
          extensive ? handling(registry) : null);
    }

    private static Counter family(MetricsRegistry registry, String what, String help) {
      return registry.counter(
          "grpc_server_" + what + "_total", help, "grpc_type", "grpc_service", "grpc_method");
    }

    private static Histogram handling(MetricsRegistry registry) {
      return Histogram.builder()
          .name("grpc_server_handling_seconds")
          .help(
              "Histogram of response latency (seconds) of gRPC that had been application-level"
                  + " handled by the server.")
          .classicOnly()
          .classicUpperBounds(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
          .labelNames("grpc_type", "grpc_service", "grpc_method")
          .register(registry.library());
    }

    /** The series of a method, which are shown from now on; those of codes when they come. */
    MethodMetrics of(GrpcMethod method) {
      String[] path = method.path().substring(1).split("/");
      String[] labels = {method.type(), path[0], path[1]};
      return new MethodMetrics(
          started.labelValues(labels),
          new ConcurrentHashMap<>(),
          code -> handled.labelValues(labels[0], labels[1], labels[2], CodeNames.of(code)),
          received.labelValues(labels),
          sent.labelValues(labels),
          handling == null ? null : handling.labelValues(labels));
    }
  }

  /** Shows the series of every code, before there is a call with it. */
  MethodMetrics withAllCodes() {
    for (Status.Code code : Status.Code.values()) {
      handled(code);
    }
    return this;
  }

  CounterDataPoint handled(Status.Code code) {
    CounterDataPoint known = handled.get(code);
    return known == null ? handled.computeIfAbsent(code, newHandled) : known;
  }
}
