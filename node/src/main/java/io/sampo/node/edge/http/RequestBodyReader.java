package io.sampo.node.edge.http;

import org.apache.pekko.util.ByteStringBuilder;

/** Finds the end of one request's body in the bytes of its connection, and passes the body on. */
sealed interface RequestBodyReader permits SizedBody, ChunkedBody {
  /**
   * Takes bytes of the body.
   *
   * @param out gets what is to be passed on
   * @return how many were taken: all of them, unless the body ended or failed before
   */
  int read(byte[] bytes, int from, ByteStringBuilder out);

  boolean isComplete();

  /** How many bytes have not come; 0 if that is not known. */
  long missingBytes();

  /** Why it is not a body, in Go's words; empty while it is one. */
  String failure();

  /** Whether the body is passed on in chunks. */
  boolean isChunked();

  /**
   * A body that is not here as a whole is passed on in chunks, for those may end before their time.
   *
   * @param here how many bytes have come behind the head
   */
  static RequestBodyReader of(RequestHead head, int here) {
    if (head.isChunked()) {
      return new ChunkedBody();
    }
    long length = head.length().getAsLong();
    return new SizedBody(length, length > here);
  }
}
