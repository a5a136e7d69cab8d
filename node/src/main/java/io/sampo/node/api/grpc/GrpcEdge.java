package io.sampo.node.api.grpc;

import io.grpc.Status;
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
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import scala.concurrent.ExecutionContext;

/**
 * Answers gRPC requests. A body that came whole is answered without a stream; whatever a service
 * returns that is done already is answered on the calling thread.
 */
public final class GrpcEdge implements Function<HttpRequest, CompletionStage<HttpResponse>> {

  /**
   * @param maxMessageBytes the largest message taken from a client, etcd's request limit + 512 KiB
   * @param admission says why a call is refused before its service sees it, or null
   */
  public record Settings(
      long maxMessageBytes, BiFunction<GrpcMethod, GrpcCall, EtcdException> admission) {}

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
      request.discardEntityBytes(materializer);
      return done(
          plain(405, "gRPC requires HTTP method POST")
              .addHeader(RawHeader.create("Allow", "POST")));
    }
    GrpcCall call;
    try {
      call = GrpcCall.of(request);
    } catch (IllegalArgumentException e) {
      request.discardEntityBytes(materializer);
      return done(plain(400, e.getMessage()));
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
    RequestBody.of(call.request())
        .runFold(
            new RequestBody.Unary(settings.maxMessageBytes()), RequestBody.Unary::add, materializer)
        .whenCompleteAsync(
            (body, failure) -> collected(method, call, body, failure, begin, response), executor);
    return response;
  }

  private void collected(
      GrpcMethod.Unary method,
      GrpcCall call,
      RequestBody.Unary body,
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
    CompletableFuture<HttpResponse> response = new CompletableFuture<>();
    Cancellable deadline =
        scheduler.scheduleOnce(
            Duration.ofNanos(call.timeoutNanos()),
            () ->
                response.complete(
                    GrpcResponses.failure(
                        new EtcdException(
                            Status.Code.DEADLINE_EXCEEDED, "context deadline exceeded"))),
            deadlines);
    reply.whenComplete(
        (message, failure) -> {
          deadline.cancel();
          response.complete(respond(method, call, message, failure, begin));
        });
    return response;
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
        RequestBody.of(call.request())
            .via(new FrameDecoder(call.encoding(), settings.maxMessageBytes()))
            .map(
                message -> {
                  listener.streamed(method, true, message.length);
                  return message;
                });
    if (method instanceof GrpcMethod.Framed framed) {
      // Frames that are shared between clients are never compressed for one of them.
      return GrpcResponses.stream(
          observed(framed.handler().apply(requests, call), method, call), GrpcFrames.IDENTITY);
    }
    Source<ByteString, NotUsed> frames =
        ((GrpcMethod.Streaming) method)
            .handler()
            .apply(requests, call)
            .map(message -> GrpcFrames.frame(message, call.encoding()));
    return GrpcResponses.stream(observed(frames, method, call), call.encoding());
  }

  private Source<ByteString, NotUsed> observed(
      Source<ByteString, NotUsed> frames, GrpcMethod method, GrpcCall call) {
    return frames
        .map(
            frame -> {
              listener.streamed(method, false, frame.size());
              return frame;
            })
        .watchTermination(
            (mat, done) -> {
              done.whenCompleteAsync(
                  (ok, failure) -> listener.finished(method, call, streamCode(failure), 0, 0),
                  executor);
              return mat;
            });
  }

  private static Status.Code streamCode(Throwable failure) {
    return failure instanceof EtcdException status
        ? status.code()
        : failure == null ? Status.Code.OK : Status.Code.INTERNAL;
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

  private static HttpResponse plain(int status, String text) {
    return HttpResponse.create().withStatus(StatusCodes.get(status)).withEntity(text + "\n");
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
