package io.sampo.node.edge.grpc;

import io.grpc.Status;

/** Told of every call, for metrics and for the log of slow requests. Called on the hot path. */
public interface GrpcListener {
  /** A call has begun; bytes are those of the request body where it is known, else 0. */
  void started(GrpcMethod method, GrpcCall call, long requestBytes);

  /** A unary call has ended, or a stream has been accepted ({@code nanos} 0) or has ended. */
  void finished(GrpcMethod method, GrpcCall call, Status.Code code, long responseBytes, long nanos);

  /** Messages of a stream went in or out. */
  void streamed(GrpcMethod method, boolean received, int messages, long bytes);
}
