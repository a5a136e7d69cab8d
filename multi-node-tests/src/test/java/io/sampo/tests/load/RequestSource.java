package io.sampo.tests.load;

import java.nio.ByteBuffer;

/** Makes the requests of one method; used by one thread. */
public interface RequestSource {

  /** The gRPC path, as in {@code /etcdserverpb.KV/Put}. */
  String path();

  /** The size in bytes of every request with its five-byte gRPC prefix. */
  int messageBytes();

  /** Writes the next request with its gRPC prefix, {@link #messageBytes} bytes. */
  void next(ByteBuffer out);

  /** A good answer has at least so many bytes (with the gRPC prefix). */
  int minimumAnswerBytes();

  /**
   * Whether a client's stream stays open for its next requests, each answered by one message;
   * otherwise every request is a call of its own.
   */
  default boolean streamStaysOpen() {
    return false;
  }
}
