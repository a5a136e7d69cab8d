package io.sampo.node.edge.grpc;

import io.sampo.node.edge.http2.EncodedMessage;
import java.net.SocketAddress;

/** Told of every unary call that has reached its service, when it is over. On the hot path. */
public interface AnswerListener {
  /** Hears nothing. */
  AnswerListener NONE = (method, request, response, remote, nanos) -> {};

  /** Whether it wants to hear of a call that took that long; others need not be told. */
  default boolean wants(long nanos) {
    return true;
  }

  /**
   * A call is over; in a turn of its connection, or on any thread if it came by the JSON gateway.
   *
   * @param method the gRPC path
   * @param request the encoded request
   * @param response the answer, of which nothing may be read any more but what it tells of itself;
   *     null if there is none
   * @param nanos since the whole request was there
   */
  void over(
      String method, byte[] request, EncodedMessage response, SocketAddress remote, long nanos);
}
