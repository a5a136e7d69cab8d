package io.sampo.node.server;

import io.grpc.Status;
import io.sampo.gateway.transcode.CallListener;
import io.sampo.node.edge.grpc.GrpcCall;
import io.sampo.node.edge.grpc.GrpcFrames;
import io.sampo.node.edge.grpc.GrpcListener;
import io.sampo.node.edge.grpc.GrpcMethod;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * Counts what comes through the JSON gateway as calls of gRPC. etcd's gateway is a client of its
 * own gRPC server, so they are counted there.
 */
final class GatewayCalls implements CallListener {
  private final Map<String, GrpcMethod> methods;
  private final GrpcListener listener;
  private final LongSupplier nanoTime;

  GatewayCalls(Collection<GrpcMethod> methods, GrpcListener listener, LongSupplier nanoTime) {
    this.methods = methods.stream().collect(Collectors.toUnmodifiableMap(GrpcMethod::path, m -> m));
    this.listener = listener;
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
    private volatile long sentBytes;

    Unary(GrpcMethod method, GrpcCall call) {
      this.method = method;
      this.call = call;
    }

    @Override
    public void received(long bytes) {
      listener.started(method, call, GrpcFrames.PREFIX + bytes);
    }

    @Override
    public void sent(long bytes) {
      sentBytes = GrpcFrames.PREFIX + bytes;
    }

    @Override
    public void ended(Status.Code code) {
      listener.finished(method, call, code, sentBytes, nanoTime.getAsLong() - beginNanos);
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
    public void received(long bytes) {
      listener.streamed(method, true, bytes);
    }

    @Override
    public void sent(long bytes) {
      listener.streamed(method, false, GrpcFrames.PREFIX + bytes);
    }

    @Override
    public void ended(Status.Code code) {
      listener.finished(method, call, code, 0, 0);
    }
  }
}
