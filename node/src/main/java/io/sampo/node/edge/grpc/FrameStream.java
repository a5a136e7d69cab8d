package io.sampo.node.edge.grpc;

import org.apache.pekko.util.ByteString;

/**
 * A call whose answers are whole gRPC frames already, by demand. The edge calls in turns of the
 * connection.
 */
public interface FrameStream {

  /** The way back; may be used on any thread. */
  interface Output {
    /** Frames, in answer to one {@link FrameStream#pull}; says what {@link #ready} says as well. */
    void send(ByteString frames);

    /** More messages are wanted than were when {@link FrameStream#wantsMessages} said no. */
    void ready();

    void fail(Throwable cause);
  }

  /** Whether the next message may be given. */
  boolean wantsMessages();

  /** A message of the client. Its end is not told: a client that ends its half still listens. */
  void onMessage(byte[] message);

  /** The client can take frames. */
  void pull();

  /** The call is over. */
  void close();
}
