package io.sampo.node.server;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.sampo.gateway.transcode.CallListener;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.edge.grpc.AnswerListener;
import io.sampo.node.edge.grpc.CallTracer;
import io.sampo.node.edge.grpc.CallTracer.CallSpan;
import io.sampo.node.edge.grpc.GrpcCall;
import io.sampo.node.edge.grpc.GrpcListener;
import io.sampo.node.edge.grpc.GrpcMethod;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * Counts and times what comes through the JSON gateway as calls of gRPC. etcd's gateway is a client
 * of its own gRPC server, so they are counted, timed and traced there.
 */
final class GatewayCalls implements CallListener {
  /** etcd's gateway connects to its own server; here it calls the services, and has no port. */
  private static final InetSocketAddress GATEWAY =
      InetSocketAddress.createUnresolved("127.0.0.1", 0);

  private final Map<String, GrpcMethod> methods;
  private final GrpcListener listener;
  private final AnswerListener answers;
  private final LongSupplier nanoTime;

  /** Null where nothing is traced. */
  private final CallTracer tracer;

  private final SocketAddress local;

  /**
   * @param tracer null where nothing is traced
   * @param local where etcd's gateway would come in
   */
  GatewayCalls(
      Collection<GrpcMethod> methods,
      GrpcListener listener,
      AnswerListener answers,
      LongSupplier nanoTime,
      CallTracer tracer,
      SocketAddress local) {
    this.methods = methods.stream().collect(Collectors.toUnmodifiableMap(GrpcMethod::path, m -> m));
    this.listener = listener;
    this.answers = answers;
    this.nanoTime = nanoTime;
    this.tracer = tracer;
    this.local = local;
  }

  /** Where etcd's gateway connects to its own server: an address that serves gRPC. */
  static SocketAddress local(List<EtcdUrl> listenClient) {
    EtcdUrl url = listenClient.get(0);
    if (url.isUnix()) {
      return null;
    }
    InetSocketAddress listening = new InetSocketAddress(url.host(), url.portNumber());
    return listening.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), url.portNumber())
        : listening;
  }

  @Override
  public Call begun(String path, Metadata metadata) {
    GrpcMethod method = methods.get(path);
    GrpcCall call = GrpcCall.ofGateway(method, metadata);
    CallSpan span = tracer == null ? null : tracer.begin(method, call, local);
    return method.type().equals("unary")
        ? new Unary(method, call, span)
        : new Streamed(method, call, span);
  }

  /** It is counted when its message is there, as at the gRPC edge. */
  private final class Unary implements Call {
    private final GrpcMethod method;
    private final GrpcCall call;
    private final long beginNanos = nanoTime.getAsLong();
    private volatile Message request;
    private volatile Message response;

    /** Null if the call is not traced. */
    private final CallSpan span;

    Unary(GrpcMethod method, GrpcCall call, CallSpan span) {
      this.method = method;
      this.call = call;
      this.span = span;
    }

    @Override
    public void received(Message message) {
      request = message;
      listener.started(method, call, message.getSerializedSize());
    }

    @Override
    public CompletionStage<Message> within(
        Message message, Supplier<CompletionStage<Message>> asked) {
      return span == null ? asked.get() : span.within(message.toByteArray(), asked);
    }

    @Override
    public void sent(Message message) {
      response = message;
    }

    @Override
    public void ended(Status.Code code, String text) {
      long nanos = nanoTime.getAsLong() - beginNanos;
      GatewayAnswer answer = response == null ? null : new GatewayAnswer(response);
      long sentBytes = answer == null ? 0 : answer.size();
      listener.finished(method, call, code, sentBytes, nanos);
      if (answers.wants(nanos)) {
        answers.over(method.path(), request.toByteArray(), answer, GATEWAY, nanos);
      }
      if (span != null) {
        span.end(code, text);
      }
    }
  }

  private final class Streamed implements Call {
    private final GrpcMethod method;
    private final GrpcCall call;

    /** Null if the call is not traced, and when it is over. */
    private CallSpan span;

    Streamed(GrpcMethod method, GrpcCall call, CallSpan span) {
      this.method = method;
      this.call = call;
      this.span = span;
      listener.started(method, call, 0);
    }

    @Override
    public void received(Message message) {
      listener.streamed(method, true, 1, message.getSerializedSize());
      trace(message);
    }

    @Override
    public void sent(Message message) {
      listener.streamed(method, false, 1, message.getSerializedSize());
    }

    @Override
    public void ended(Status.Code code, String text) {
      listener.finished(method, call, code, 0, 0);
      endTrace(code, text);
    }

    /** Requests and answers of a stream may be told of by two threads. */
    private synchronized void trace(Message message) {
      if (span != null) {
        span.received(message.toByteArray());
      }
    }

    private synchronized void endTrace(Status.Code code, String text) {
      if (span != null) {
        span.end(code, text);
        span = null;
      }
    }
  }
}
