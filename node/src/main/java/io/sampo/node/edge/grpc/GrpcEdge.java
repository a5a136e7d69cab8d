package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.node.edge.StreamGuard;
import io.sampo.protocol.error.EtcdException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import scala.concurrent.ExecutionContext;

/**
 * Answers gRPC requests. A body that came whole is answered without a stream; whatever a service
 * returns that is done already is answered on the calling thread.
 */
public final class GrpcEdge implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final String GRPC = "application/grpc";

  /**
   * @param maxMessageBytes the largest message taken from a client, etcd's request limit + 512 KiB
   * @param admission says why a call is refused before its service sees it, or null
   * @param whileLed guards the streams that ask for a leader
   */
  public record Settings(
      long maxMessageBytes,
      BiFunction<GrpcMethod, GrpcCall, EtcdException> admission,
      StreamGuard whileLed) {}

  private final Map<String, GrpcMethod> methods;
  private final Settings settings;
  private final GrpcListener listener;
  private final Materializer materializer;
  private final Scheduler scheduler;
  private final Executor executor;
  private final LongSupplier nanoTime;
  private final ExecutionContext deadlines;

  public GrpcEdge(
      Collection<GrpcMethod> methods,
      Settings settings,
      GrpcListener listener,
      Materializer materializer,
      Scheduler scheduler,
      Executor executor,
      LongSupplier nanoTime) {
    this.methods = methods.stream().collect(Collectors.toUnmodifiableMap(GrpcMethod::path, m -> m));
    this.settings = settings;
    this.listener = listener;
    this.materializer = materializer;
    this.scheduler = scheduler;
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.deadlines = ExecutionContext.fromExecutor(executor);
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    if (!request.method().equals(HttpMethods.POST)) {
      return refused(
          request,
          405,
          Status.Code.INTERNAL,
          "Received a HEADERS frame with :method \""
              + request.method().value()
              + "\" which should be POST");
    }
    String contentType = request.entity().getContentType().toString();
    if (!isGrpc(contentType)) {
      return refused(
          request,
          415,
          Status.Code.INVALID_ARGUMENT,
          "invalid gRPC request content-type \"" + contentType + '"');
    }
    GrpcCall call;
    try {
      call = GrpcCall.of(request);
    } catch (IllegalArgumentException e) {
      return refused(request, 400, Status.Code.INTERNAL, e.getMessage());
    }
    String path = request.getUri().path();
    GrpcMethod method = methods.get(path);
    EtcdException refusal = method == null ? unknown(path) : refusal(method, call);
    if (refusal != null) {
      request.discardEntityBytes(materializer);
      return done(GrpcResponses.failure(refusal));
    }
    return method instanceof GrpcMethod.Unary unary
        ? unary(unary, call)
        : done(streaming(method, call));
  }

  /** {@code application/grpc}, also with a subtype or parameters behind. */
  static boolean isGrpc(String contentType) {
    if (!contentType.startsWith(GRPC)) {
      return false;
    }
    if (contentType.length() == GRPC.length()) {
      return true;
    }
    char next = contentType.charAt(GRPC.length());
    return next == '+' || next == ';';
  }

  private CompletionStage<HttpResponse> refused(
      HttpRequest request, int httpStatus, Status.Code code, String text) {
    request.discardEntityBytes(materializer);
    return done(GrpcResponses.refused(httpStatus, code, text));
  }

  private EtcdException refusal(GrpcMethod method, GrpcCall call) {
    if (!GrpcFrames.IDENTITY.equals(call.encoding()) && !GrpcFrames.GZIP.equals(call.encoding())) {
      return new EtcdException(
          Status.Code.UNIMPLEMENTED,
          "grpc: Decompressor is not installed for grpc-encoding \"" + call.encoding() + "\"");
    }
    return settings.admission().apply(method, call);
  }

  private CompletionStage<HttpResponse> unary(GrpcMethod.Unary method, GrpcCall call) {
    long begin = nanoTime.getAsLong();
    if (call.request().entity() instanceof HttpEntity.Strict strict) {
      return answer(method, call, strict.getData(), begin);
    }
    CompletableFuture<HttpResponse> response = new CompletableFuture<>();
    GrpcRequestBody.of(call.request())
        .scan(new GrpcRequestBody.Unary(settings.maxMessageBytes()), GrpcRequestBody.Unary::add)
        // The first message is the request, whether or not the client has ended its half behind it.
        .takeWhile(body -> !body.isWhole(), true)
        .runWith(Sink.last(), materializer)
        .whenCompleteAsync(
            (body, failure) -> collected(method, call, body, failure, begin, response), executor);
    return response;
  }

  private void collected(
      GrpcMethod.Unary method,
      GrpcCall call,
      GrpcRequestBody.Unary body,
      Throwable failure,
      long begin,
      CompletableFuture<HttpResponse> response) {
    if (failure != null) {
      response.complete(GrpcResponses.failure(failure));
      return;
    }
    try {
      answer(method, call, body.collected(), begin)
          .whenComplete((answer, error) -> response.complete(answer));
    } catch (EtcdException e) {
      response.complete(GrpcResponses.failure(e));
    }
  }

  private CompletionStage<HttpResponse> answer(
      GrpcMethod.Unary method, GrpcCall call, ByteString body, long begin) {
    listener.started(method, call, body.size());
    CompletableFuture<byte[]> reply;
    try {
      if (call.timeoutNanos() < 0) {
        throw GrpcResponses.deadlineExceeded();
      }
      byte[] message = GrpcFrames.single(body, call.encoding(), settings.maxMessageBytes());
      reply = method.handler().apply(message, call).toCompletableFuture();
    } catch (EtcdException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    if (reply.isDone() || call.timeoutNanos() == 0) {
      return reply.handle((message, failure) -> respond(method, call, message, failure, begin));
    }
    return withDeadline(method, call, reply, begin);
  }

  private CompletionStage<HttpResponse> withDeadline(
      GrpcMethod.Unary method, GrpcCall call, CompletableFuture<byte[]> reply, long begin) {
    CompletableFuture<byte[]> inTime = new CompletableFuture<>();
    Cancellable deadline =
        scheduler.scheduleOnce(
            Duration.ofNanos(call.timeoutNanos()),
            () -> inTime.completeExceptionally(GrpcResponses.deadlineExceeded()),
            deadlines);
    reply.whenComplete(
        (message, failure) -> {
          deadline.cancel();
          if (failure == null) {
            inTime.complete(message);
          } else {
            inTime.completeExceptionally(failure);
          }
        });
    return inTime.handle((message, failure) -> respond(method, call, message, failure, begin));
  }

  private HttpResponse respond(
      GrpcMethod.Unary method, GrpcCall call, byte[] message, Throwable failure, long begin) {
    long nanos = nanoTime.getAsLong() - begin;
    if (failure != null) {
      EtcdException status = GrpcResponses.asStatus(failure);
      listener.finished(method, call, status.code(), 0, nanos);
      return GrpcResponses.failure(status);
    }
    listener.finished(method, call, Status.Code.OK, message.length + GrpcFrames.PREFIX, nanos);
    return GrpcResponses.message(message, call.encoding());
  }

  private HttpResponse streaming(GrpcMethod method, GrpcCall call) {
    listener.started(method, call, 0);
    Source<byte[], NotUsed> requests =
        GrpcRequestBody.of(call.request())
            .via(new GrpcFrameDecoder(call.encoding(), settings.maxMessageBytes()))
            .map(
                message -> {
                  listener.streamed(method, true, message.length);
                  return message;
                });
    if (method instanceof GrpcMethod.Framed framed) {
      // Frames that are shared between clients are never compressed for one of them.
      return GrpcResponses.stream(
          observed(whileLed(framed.handler().apply(requests, call), call), method, call),
          GrpcFrames.IDENTITY);
    }
    Source<ByteString, NotUsed> frames =
        ((GrpcMethod.Streaming) method)
            .handler()
            .apply(requests, call)
            .map(message -> GrpcFrames.frame(message, call.encoding()));
    // A call that only waits has one answer, and is not ended (etcd's unary calls are not either).
    boolean waits = method.type().equals("unary");
    return GrpcResponses.stream(
        observed(waits ? inTime(frames, call) : whileLed(frames, call), method, call),
        call.encoding());
  }

  private Source<ByteString, NotUsed> whileLed(Source<ByteString, NotUsed> frames, GrpcCall call) {
    Source<ByteString, NotUsed> inTime = inTime(frames, call);
    return call.requireLeader() ? inTime.via(settings.whileLed().flow()) : inTime;
  }

  private static Source<ByteString, NotUsed> inTime(
      Source<ByteString, NotUsed> frames, GrpcCall call) {
    if (call.timeoutNanos() < 0) {
      return Source.failed(GrpcResponses.deadlineExceeded());
    }
    return call.timeoutNanos() == 0
        ? frames
        : frames.completionTimeout(Duration.ofNanos(call.timeoutNanos()));
  }

  private Source<ByteString, NotUsed> observed(
      Source<ByteString, NotUsed> frames, GrpcMethod method, GrpcCall call) {
    return frames.via(
        new ObservedFrames(
            bytes -> listener.streamed(method, false, bytes),
            code -> listener.finished(method, call, code, 0, 0)));
  }

  private EtcdException unknown(String path) {
    int slash = path.lastIndexOf('/');
    if (slash <= 0) {
      return new EtcdException(
          Status.Code.UNIMPLEMENTED, "malformed method name: \"" + path + "\"");
    }
    String service = path.substring(1, slash);
    String name = path.substring(slash + 1);
    boolean known = methods.keySet().stream().anyMatch(m -> m.startsWith("/" + service + "/"));
    return new EtcdException(
        Status.Code.UNIMPLEMENTED,
        known
            ? "unknown method " + name + " for service " + service
            : "unknown service " + service);
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
