package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.node.edge.LongWork;
import io.sampo.node.edge.StreamGuard;
import io.sampo.node.edge.http2.Http2Stream;
import io.sampo.node.edge.http2.PlainText;
import io.sampo.node.edge.http2.RequestHandler;
import io.sampo.node.edge.http2.StreamHandler;
import io.sampo.node.edge.http2.frame.RequestHead;
import io.sampo.node.edge.http2.frame.ResponseHead;
import io.sampo.protocol.error.EtcdException;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Answers gRPC requests, in the turns of their connections. */
public final class GrpcEdge implements RequestHandler {
  static final ResponseHead OK_TRAILERS = ResponseHead.GRPC_OK;

  /**
   * @param maxMessageBytes the largest message taken from a client, etcd's request limit + 512 KiB
   * @param admission says why a call is refused before its service sees it, or null
   * @param whileLed guards the streams that ask for a leader
   * @param longWork compresses large answers
   * @param corsOrigins whose scripts may read refusals that are text; none or {@code *}: anybody's
   * @param answers told of every unary call
   * @param tracer null where nothing is traced
   */
  public record Settings(
      long maxMessageBytes,
      BiFunction<GrpcMethod, GrpcCall, EtcdException> admission,
      StreamGuard whileLed,
      LongWork longWork,
      Set<String> corsOrigins,
      AnswerListener answers,
      CallTracer tracer) {
    /** Nothing is traced. */
    public Settings(
        long maxMessageBytes,
        BiFunction<GrpcMethod, GrpcCall, EtcdException> admission,
        StreamGuard whileLed,
        LongWork longWork,
        Set<String> corsOrigins,
        AnswerListener answers) {
      this(maxMessageBytes, admission, whileLed, longWork, corsOrigins, answers, null);
    }
  }

  private final Map<String, GrpcMethod> methods;
  private final Settings settings;
  private final GrpcListener listener;
  private final LongSupplier nanoTime;

  public GrpcEdge(
      Collection<GrpcMethod> methods,
      Settings settings,
      GrpcListener listener,
      LongSupplier nanoTime) {
    this.methods = methods.stream().collect(Collectors.toUnmodifiableMap(GrpcMethod::path, m -> m));
    this.settings = settings;
    this.listener = listener;
    this.nanoTime = nanoTime;
  }

  Settings settings() {
    return settings;
  }

  GrpcListener listener() {
    return listener;
  }

  long nowNanos() {
    return nanoTime.getAsLong();
  }

  @Override
  public StreamHandler open(Http2Stream stream, boolean ended) {
    return open(stream, ended, Optional::empty, null);
  }

  /**
   * The same for a connection whose client may have shown a certificate.
   *
   * @param clientName its common name, asked for when it is needed
   * @param local where it came in; spans say so
   */
  public RequestHandler of(Supplier<Optional<String>> clientName, SocketAddress local) {
    return (stream, ended) -> open(stream, ended, clientName, local);
  }

  private StreamHandler open(
      Http2Stream stream,
      boolean ended,
      Supplier<Optional<String>> clientName,
      SocketAddress local) {
    RequestHead head = stream.head();
    GrpcCall call;
    if (head.kept() instanceof GrpcCall known) {
      call = known;
    } else {
      if (isRefused(stream)) {
        return StreamHandler.ANSWERED;
      }
      call =
          GrpcCall.of(
              head, methods.get(path(stream)), stream.isStrict(), stream.remote(), clientName);
      head.keep(call);
    }
    CallTracer.CallSpan span =
        settings.tracer() == null || call.method() == null
            ? null
            : settings.tracer().begin(call.method(), call, local);
    EtcdException refusal = refusal(stream, call);
    if (refusal != null) {
      refuse(stream, call, refusal);
      if (span != null) {
        span.end(refusal.code(), refusal.getMessage());
      }
      return StreamHandler.ANSWERED;
    }
    return begin(stream, call, span, ended);
  }

  private boolean isRefused(Http2Stream stream) {
    if (stream.isStrict()) {
      PlainText refusal = HandlerRules.refusal(stream.head());
      if (refusal != null) {
        refusal.answer(stream, HandlerRules.cors(stream.head(), settings.corsOrigins()));
      }
      return refusal != null;
    }
    ResponseHead refusal = CallRules.refusal(stream.head());
    if (refusal != null) {
      stream.answer(refusal);
    }
    return refusal != null;
  }

  private static String path(Http2Stream stream) {
    return stream.isStrict() ? HandlerRules.path(stream.head()) : stream.head().path();
  }

  /** Only a deadline that is over is seen before what came with the head, and not by net/http. */
  private static void refuse(Http2Stream stream, GrpcCall call, EtcdException refusal) {
    ResponseHead answer = GrpcResponses.failure(call.head(), refusal);
    if (call.timeoutNanos() < 0 && !stream.isStrict()) {
      stream.answer(answer);
    } else {
      stream.soon(() -> stream.answer(answer));
    }
  }

  private EtcdException refusal(Http2Stream stream, GrpcCall call) {
    if (call.timeoutNanos() < 0) {
      return GrpcResponses.deadlineExceeded();
    }
    if (call.method() == null) {
      return unknown(path(stream));
    }
    if (!GrpcFrames.IDENTITY.equals(call.encoding()) && !call.isCompressed()) {
      return new EtcdException(
          Status.Code.UNIMPLEMENTED,
          "grpc: Decompressor is not installed for grpc-encoding "
              + GoText.quoted(call.encoding()));
    }
    // The others are asked when their message is there.
    return call.method().type().equals("unary")
        ? null
        : settings.admission().apply(call.method(), call);
  }

  private EtcdException unknown(String path) {
    int slash = path.lastIndexOf('/');
    if (slash <= 0 || path.charAt(0) != '/') {
      return new EtcdException(
          Status.Code.UNIMPLEMENTED, "malformed method name: " + GoText.quoted(path));
    }
    String service = path.substring(1, slash);
    String name = path.substring(slash + 1);
    boolean known = methods.keySet().stream().anyMatch(m -> m.startsWith("/" + service + "/"));
    return new EtcdException(
        Status.Code.UNIMPLEMENTED,
        known
            ? "unknown method " + GoText.of(name) + " for service " + service
            : "unknown service " + GoText.of(service));
  }

  private StreamHandler begin(
      Http2Stream stream, GrpcCall call, CallTracer.CallSpan span, boolean ended) {
    GrpcMethod method = call.method();
    OpenCall opened;
    if (method instanceof GrpcMethod.Unary unary) {
      opened = new UnaryCall(this, stream, call, unary.handler(), false);
    } else if (method instanceof GrpcMethod.Large large) {
      opened =
          new UnaryCall(
              this,
              stream,
              call,
              (message, of) -> large.handler().apply(message, of, stream.room()),
              true);
    } else if (method instanceof GrpcMethod.Waiting waiting) {
      opened = new UnaryCall(this, stream, call, waiting.handler(), true);
    } else {
      return beginStream(stream, call, span, ended);
    }
    opened.trace(span);
    return afterEnd(opened, ended);
  }

  private static StreamHandler afterEnd(OpenCall opened, boolean ended) {
    if (ended) {
      opened.onData(NONE, 0, 0, true);
    }
    return opened;
  }

  private static final byte[] NONE = {};

  private StreamHandler beginStream(
      Http2Stream stream, GrpcCall call, CallTracer.CallSpan span, boolean ended) {
    listener.started(call.method(), call, 0);
    OpenCall opened;
    if (call.method() instanceof GrpcMethod.Answering answering) {
      opened = new AnsweringCall(this, stream, call, answering);
      begin(opened, span);
    } else if (call.method() instanceof GrpcMethod.Framed framed) {
      FramedCall frames = new FramedCall(this, stream, call, framed);
      begin(frames, span);
      frames.begin();
      opened = frames;
    } else {
      StreamingCall streaming =
          new StreamingCall(this, stream, call, (GrpcMethod.Streaming) call.method());
      begin(streaming, span);
      streaming.begin();
      opened = streaming;
    }
    return afterEnd(opened, ended);
  }

  private static void begin(OpenCall call, CallTracer.CallSpan span) {
    call.trace(span);
    call.startDeadline();
    call.guard();
  }
}
