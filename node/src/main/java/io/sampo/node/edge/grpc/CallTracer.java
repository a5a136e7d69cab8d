package io.sampo.node.edge.grpc;

import io.grpc.Status;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Begins a span for each call. There is none where nothing is traced. */
public interface CallTracer {
  /**
   * A call of a known method begins; in a turn of its connection.
   *
   * @param local where it came in
   * @return null if this call is not traced
   */
  CallSpan begin(GrpcMethod method, GrpcCall call, SocketAddress local);

  /** One call. In turns of its connection. */
  interface CallSpan {
    /**
     * Asks the service for the answer to a message of the client; what is done for it is a span
     * inside this one, which ends with the answer.
     */
    <R extends CompletionStage<?>> R within(byte[] message, Supplier<R> work);

    /** A message that is answered by a stream; what is done for it ends with the call. */
    void received(byte[] message);

    /**
     * The call is over. Called once.
     *
     * @param text what is wrong, if something is
     */
    void end(Status.Code code, String text);
  }
}
