package io.sampo.node.tracing;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sampo.node.edge.grpc.CallTracer;
import io.sampo.node.edge.grpc.GrpcCall;
import io.sampo.node.edge.grpc.GrpcMethod;
import io.sampo.node.request.ProposalTracer;
import io.sampo.protocol.error.EtcdException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The spans of a node. A call whose client says whether to trace it is traced so. */
public final class Tracing implements CallTracer, ProposalTracer {
  private static final double MILLION = 1e6;

  /** The scope of etcd's spans of calls, by which they are found. */
  private static final String CALLS =
      "go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc";

  private static final String CALLS_VERSION = "0.68.0";
  private static final String WORK = "go.etcd.io/etcd";

  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system.name");
  private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");

  private static final TextMapGetter<GrpcCall> METADATA =
      (call, key) -> call.metadata().getText(key).orElse(null);

  private final TextMapPropagator propagator =
      TextMapPropagator.composite(
          List.of(W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance()));

  private final SdkTracerProvider provider;
  private final Tracer calls;
  private final Tracer work;

  /**
   * What spans say of this node, and which there are.
   *
   * @param serviceInstanceId empty for none
   * @param samplingRatePerMillion of the calls whose clients do not say whether to trace them
   */
  public record Settings(
      String serviceName, String serviceInstanceId, int samplingRatePerMillion) {}

  /**
   * @param exporter takes batches of spans; closed with this
   */
  public Tracing(Settings settings, SpanExporter exporter) {
    provider =
        SdkTracerProvider.builder()
            .setResource(Resource.create(resource(settings)))
            .setSampler(Sampler.parentBased(sampler(settings.samplingRatePerMillion())))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build();
    calls = provider.tracerBuilder(CALLS).setInstrumentationVersion(CALLS_VERSION).build();
    work = provider.get(WORK);
  }

  private static Attributes resource(Settings settings) {
    AttributesBuilder attributes =
        Attributes.builder().put(AttributeKey.stringKey("service.name"), settings.serviceName());
    if (!settings.serviceInstanceId().isEmpty()) {
      attributes.put(AttributeKey.stringKey("service.instance.id"), settings.serviceInstanceId());
    }
    return attributes.build();
  }

  private static Sampler sampler(int ratePerMillion) {
    return ratePerMillion == 0
        ? Sampler.alwaysOff()
        : Sampler.traceIdRatioBased(ratePerMillion / MILLION);
  }

  @Override
  public CallSpan begin(GrpcMethod method, GrpcCall call, SocketAddress local) {
    Context remote = propagator.extract(Context.root(), call, METADATA);
    String name = method.path().substring(1);
    Span span =
        calls
            .spanBuilder(name)
            .setParent(remote)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(METHOD, name)
            .setAttribute(SYSTEM, "grpc")
            .startSpan();
    if (!span.isRecording()) {
      return null;
    }
    if (local instanceof InetSocketAddress inet) {
      span.setAttribute(ADDRESS, inet.getAddress().getHostAddress());
      span.setAttribute(PORT, (long) inet.getPort());
    } else if (local != null) {
      span.setAttribute(ADDRESS, local.toString());
    }
    return new TracedCall(method.path(), span, remote.with(span), work);
  }

  @Override
  public ProposalSpan current() {
    Span span = Span.current();
    return span.isRecording() ? new TracedProposal(span) : null;
  }

  /** Events of the span of a request. */
  private record TracedProposal(Span span) implements ProposalSpan {
    @Override
    public void proposed() {
      span.addEvent("Send raft proposal");
    }

    @Override
    public void applied() {
      span.addEvent("Receive raft result");
    }

    @Override
    public void failed(EtcdException why) {
      span.addEvent(
          "exception",
          Attributes.of(
              AttributeKey.stringKey("exception.type"),
              why.getClass().getSimpleName(),
              AttributeKey.stringKey("exception.message"),
              why.getMessage()));
    }
  }

  /** Sends what is left, for as long as it takes, but not longer than this. */
  public void close(Duration patience) {
    provider.shutdown().join(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
