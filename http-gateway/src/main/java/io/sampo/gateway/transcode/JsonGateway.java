package io.sampo.gateway.transcode;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.grpc.Status;
import io.sampo.protocol.apipb.AnnotationsProto;
import io.sampo.protocol.apipb.HttpRule;
import io.sampo.protocol.error.EtcdError;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;

/**
 * Answers HTTP requests by calling gRPC services in the process. Every method with a
 * google.api.http binding is reachable under the paths of the binding; a service added later comes
 * for free.
 */
public final class JsonGateway implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final Failure NOT_FOUND = new Failure(Status.Code.NOT_FOUND, "Not Found");
  private static final Failure METHOD_NOT_ALLOWED =
      new Failure(Status.Code.UNIMPLEMENTED, "Method Not Allowed");

  private final Map<String, RpcMethod> methodsByPath = new HashMap<>();
  private final UnaryCall unaryCall;
  private final StreamCall streamCall;
  private final LeaderRule leaderRule;

  /**
   * @param maxMessageBytes the largest request message, encoded: gRPC's receive limit
   * @param leaderRule for calls that ask for a leader
   * @param threads write answers
   * @throws IllegalArgumentException if an implementation lacks a method of its descriptor, or a
   *     binding is not of the kind etcd has (POST, the whole body, no variables in the path)
   */
  public JsonGateway(
      List<ServiceBinding> services,
      int maxMessageBytes,
      LeaderRule leaderRule,
      AnswerThreads threads,
      Materializer materializer) {
    this.leaderRule = leaderRule;
    BodyLimit limit = new BodyLimit(maxMessageBytes);
    this.unaryCall = new UnaryCall(limit, threads, materializer);
    this.streamCall = new StreamCall(limit, leaderRule, materializer);
    for (ServiceBinding service : services) {
      for (MethodDescriptor method : service.descriptor().getMethods()) {
        if (method.getOptions().hasExtension(AnnotationsProto.http)) {
          HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
          RpcMethod rpc = RpcMethod.of(service, method);
          bind(rule, rpc);
          rule.getAdditionalBindingsList().forEach(more -> bind(more, rpc));
        }
      }
    }
  }

  private void bind(HttpRule rule, RpcMethod method) {
    String path = rule.getPost();
    if (path.isEmpty() || path.indexOf('{') >= 0 || !rule.getBody().equals("*")) {
      throw new IllegalArgumentException("not a binding that etcd has: " + rule);
    }
    if (methodsByPath.put(path, method) != null) {
      throw new IllegalArgumentException("bound twice: " + path);
    }
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    RpcMethod method = methodsByPath.get(request.getUri().path());
    if (method == null) {
      return refuse(request, NOT_FOUND);
    }
    if (!request.method().equals(HttpMethods.POST)) {
      return refuse(request, METHOD_NOT_ALLOWED);
    }
    CallContext context;
    try {
      context = CallContext.of(request);
    } catch (CallContext.InvalidHeaderException e) {
      return refuse(request, Failure.invalidArgument(e.getMessage()));
    }
    CompletionStage<HttpResponse> answer = answer(method, request, context);
    return acceptsTrailers(request) ? answer.thenApply(Answers::inChunks) : answer;
  }

  /** Over HTTP/1 only: HTTP/2 has no chunks. */
  private static boolean acceptsTrailers(HttpRequest request) {
    return !request.protocol().value().equals("HTTP/2.0")
        && request
            .getHeader("te")
            .filter(header -> header.value().toLowerCase(Locale.ROOT).contains("trailers"))
            .isPresent();
  }

  private CompletionStage<HttpResponse> answer(
      RpcMethod method, HttpRequest request, CallContext context) {
    if (context.requiresLeader() && !leaderRule.hasLeader()) {
      RequestBody.discard(request, unaryCall.materializer());
      Failure noLeader = Failure.of(EtcdError.NO_LEADER.exception());
      return CompletableFuture.completedFuture(
          method.isServerStreaming() ? Answers.failedStream(noLeader) : Answers.failed(noLeader));
    }
    return method.isServerStreaming()
        ? streamCall.call(method, request, context)
        : unaryCall.call(method, request, context);
  }

  private CompletionStage<HttpResponse> refuse(HttpRequest request, Failure failure) {
    RequestBody.discard(request, unaryCall.materializer());
    return CompletableFuture.completedFuture(Answers.failed(failure));
  }
}
