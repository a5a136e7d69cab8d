package io.sampo.node.tracing;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;

/** Where spans go: OTLP over gRPC without TLS, as etcd sends them. */
public final class Collector {
  private Collector() {}

  /**
   * @param address host:port
   */
  public static SpanExporter exporter(ActorSystem<?> system, String address) {
    GrpcSenderProvider senders = config -> new CollectorSender(system, config);
    return OtlpGrpcSpanExporter.builder()
        .setComponentLoader(
            new ComponentLoader() {
              @Override
              public <T> Iterable<T> load(Class<T> type) {
                return type == GrpcSenderProvider.class ? List.of(type.cast(senders)) : List.of();
              }
            })
        .setEndpoint("http://" + address)
        .build();
  }
}
