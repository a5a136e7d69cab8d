package io.sampo.node.edge.http2;

/** What answers one stream. All calls are made in turns of the connection. */
public interface StreamHandler {

  /** For what is answered already: whatever still comes is of no interest. */
  StreamHandler ANSWERED =
      new StreamHandler() {
        @Override
        public void onData(byte[] bytes, int offset, int length, boolean end) {}

        @Override
        public void onCancelled() {}
      };

  /**
   * More of the request's body, or its end. Whoever is done with bytes says so with {@link
   * Http2Stream#consumed}, or no more than a window of them comes.
   *
   * @param bytes belong to the connection again after the call
   * @param end whether nothing follows
   */
  void onData(byte[] bytes, int offset, int length, boolean end);

  /** All that was to be sent has left: there is room for more. */
  default void onWritable() {}

  /** The client reset the stream or has gone before it was answered. Nothing can be sent. */
  void onCancelled();
}
