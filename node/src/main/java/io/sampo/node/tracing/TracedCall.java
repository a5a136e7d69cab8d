package io.sampo.node.tracing;

import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.sampo.node.edge.grpc.CallTracer.CallSpan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The span of a call, and those of the requests in it. */
final class TracedCall implements CallSpan {
  private static final AttributeKey<String> STATUS =
      AttributeKey.stringKey("rpc.response.status_code");

  /** What is the server's fault: the other codes are for the client to judge (otelgrpc). */
  private static final Set<Status.Code> ERRORS =
      EnumSet.of(
          Status.Code.UNKNOWN,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.INTERNAL,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  private final String path;
  private final Span span;
  private final Context context;
  private final Tracer work;
  private final List<Span> open = new ArrayList<>(0);

  /**
   * @param context with the span in it
   * @param work makes the spans inside
   */
  TracedCall(String path, Span span, Context context, Tracer work) {
    this.path = path;
    this.span = span;
    this.context = context;
    this.work = work;
  }

  @Override
  public <R extends CompletionStage<?>> R within(byte[] message, Supplier<R> asked) {
    Span inside = begin(message);
    try {
      R answer = (inside == null ? context : context.with(inside)).wrapSupplier(asked).get();
      if (inside != null) {
        answer.whenComplete(
            (done, failure) -> {
              RequestSpans.answered(path, inside, done);
              inside.end();
            });
      }
      return answer;
    } catch (RuntimeException e) {
      if (inside != null) {
        inside.end();
      }
      throw e;
    }
  }

  @Override
  public void received(byte[] message) {
    Span inside = begin(message);
    if (inside != null) {
      open.add(inside);
    }
  }

  private Span begin(byte[] message) {
    return RequestSpans.begin(path, message, name -> work.spanBuilder(name).setParent(context));
  }

  @Override
  public void end(Status.Code code, String text) {
    open.forEach(Span::end);
    if (ERRORS.contains(code)) {
      span.setStatus(StatusCode.ERROR, text == null ? "" : text);
    }
    span.setAttribute(STATUS, code.name());
    span.end();
  }
}
