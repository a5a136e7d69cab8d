package io.sampo.node.server;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.sampo.gateway.transcode.CallListener;
import io.sampo.node.edge.grpc.AnswerListener;
import io.sampo.node.edge.grpc.GrpcCall;
import io.sampo.node.edge.grpc.GrpcListener;
import io.sampo.node.edge.grpc.GrpcMethod;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * Counts and times what comes through the JSON gateway as calls of gRPC. etcd's gateway is a client
 * of its own gRPC server, so they are counted and timed there.
 */
final class GatewayCalls implements CallListener {
  /** etcd's gateway connects to its own server; here it calls the services, and has no port. */
  private static final InetSocketAddress GATEWAY =
      InetSocketAddress.createUnresolved("127.0.0.1", 0);

  private final Map<String, GrpcMethod> methods;
  private final GrpcListener listener;
  private final AnswerListener answers;
  private final LongSupplier nanoTime;

  GatewayCalls(
      Collection<GrpcMethod> methods,
      GrpcListener listener,
      AnswerListener answers,
      LongSupplier nanoTime) {
    this.methods = methods.stream().collect(Collectors.toUnmodifiableMap(GrpcMethod::path, m -> m));
    this.listener = listener;
    this.answers = answers;
    this.nanoTime = nanoTime;
  }

  @Override
  public Call begun(String path, Metadata metadata) {
    GrpcMethod method = methods.get(path);
    GrpcCall call = GrpcCall.ofGateway(method, metadata);
    return method.type().equals("unary") ? new Unary(method, call) : new Streamed(method, call);
  }

  /** It is counted when its message is there, as at the gRPC edge. */
  private final class Unary implements Call {
    private final GrpcMethod method;
    private final GrpcCall call;
    private final long beginNanos = nanoTime.getAsLong();
    private volatile Message request;
    private volatile Message response;

    Unary(GrpcMethod method, GrpcCall call) {
      this.method = method;
      this.call = call;
    }

    @Override
    public void received(Message message) {
      request = message;
      listener.started(method, call, message.getSerializedSize());
    }

    @Override
    public void sent(Message message) {
      response = message;
    }

    @Override
    public void ended(Status.Code code) {
      long nanos = nanoTime.getAsLong() - beginNanos;
      GatewayAnswer answer = response == null ? null : new GatewayAnswer(response);
      long sentBytes = answer == null ? 0 : answer.size();
      listener.finished(method, call, code, sentBytes, nanos);
      if (answers.wants(nanos)) {
        answers.over(method.path(), request.toByteArray(), answer, GATEWAY, nanos);
      }
    }
  }

  private final class Streamed implements Call {
    private final GrpcMethod method;
    private final GrpcCall call;

    Streamed(GrpcMethod method, GrpcCall call) {
      this.method = method;
      this.call = call;
      listener.started(method, call, 0);
    }

    @Override
    public void received(Message message) {
      listener.streamed(method, true, 1, message.getSerializedSize());
    }

    @Override
    public void sent(Message message) {
      listener.streamed(method, false, 1, message.getSerializedSize());
    }

    @Override
    public void ended(Status.Code code) {
      listener.finished(method, call, code, 0, 0);
    }
  }
}
