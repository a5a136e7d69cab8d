package io.sampo.gateway.transcode;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.grpc.Status;
import io.sampo.protocol.apipb.AnnotationsProto;
import io.sampo.protocol.apipb.HttpRule;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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

  /** Long enough for a first message in all but idle streams, which then can be given up. */
  private static final Duration STREAM_PATIENCE = Duration.ofSeconds(30);

  /** Above what a step of a lock or an election may take, so that its failure has its status. */
  private static final Duration WAITING_PATIENCE = Duration.ofSeconds(10);

  private final Map<String, RpcMethod> methodsByPath = new HashMap<>();
  private final UnaryCall unaryCall;
  private final StreamCall streamCall;

  /**
   * @param maxMessageBytes the largest request message, encoded: gRPC's receive limit
   * @throws IllegalArgumentException if an implementation lacks a method of its descriptor, or a
   *     binding is not of the kind etcd has (POST, the whole body, no variables in the path)
   */
  public JsonGateway(
      List<ServiceBinding> services, int maxMessageBytes, Materializer materializer) {
    BodyLimit limit = new BodyLimit(maxMessageBytes);
    this.unaryCall = new UnaryCall(limit, WAITING_PATIENCE, materializer);
    this.streamCall = new StreamCall(limit, STREAM_PATIENCE, materializer);
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
    return method.isServerStreaming()
        ? streamCall.call(method, request, context)
        : unaryCall.call(method, request, context);
  }

  private CompletionStage<HttpResponse> refuse(HttpRequest request, Failure failure) {
    RequestBody.discard(request, unaryCall.materializer());
    return CompletableFuture.completedFuture(Answers.failed(failure));
  }
}
