package io.sampo.node.edge.http;

import java.util.Arrays;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** Reads the requests of one connection as Go's net/http would, one after the other. */
final class RequestReader {
  private static final byte[] NOTHING = {};

  private HeadReader heads = new HeadReader(false);
  private RequestHead head;
  private RequestBodyReader body;

  /** Came from the client, but its turn has not come. */
  private byte[] unread = NOTHING;

  /** Takes bytes that came; only when all that came before was read. */
  void add(ByteString bytes) {
    unread = bytes.toArrayUnsafe();
  }

  boolean hasUnread() {
    return unread.length > 0;
  }

  void drop() {
    unread = NOTHING;
  }

  /** What is unread, as it came. */
  ByteString readAll() {
    ByteString all = ByteString.fromArrayUnsafe(unread);
    unread = NOTHING;
    return all;
  }

  /**
   * Whether the request of a head that was refused came as a whole, so that its client has nothing
   * more to say.
   */
  boolean isRequestWhole() {
    return heads.isRequestWhole();
  }

  /** How many bytes of the body have not come; 0 if nobody knows. */
  long missingBytes() {
    return body.missingBytes();
  }

  /** The next thing is the head of another request. */
  void next() {
    heads = new HeadReader(head != null && head.method().equals("POST"));
  }

  /** Whether a head has begun that is not whole. */
  boolean isInHead() {
    return !heads.isEmpty();
  }

  /**
   * @return the head, once it is whole
   * @throws RefusedException if no answer of a route may follow
   */
  Optional<RequestHead> readHead() throws RefusedException {
    Optional<RequestHead> whole = heads.read(readAll().toArrayUnsafe());
    if (whole.isPresent()) {
      head = whole.get();
      unread = heads.rest();
      body = RequestBodyReader.of(head, unread.length);
    }
    return whole;
  }

  /** Passes the head on in the form that suits its body. */
  void passHead(ByteStringBuilder out) {
    out.putBytes(head.bytes(body.isChunked()));
  }

  /**
   * Reads and passes on what has come of the body.
   *
   * @return how many bytes were read
   */
  int readBody(ByteStringBuilder out) {
    int taken = body.read(unread, 0, head.dropsBody() ? new ByteStringBuilder() : out);
    unread = taken == unread.length ? NOTHING : Arrays.copyOfRange(unread, taken, unread.length);
    return taken;
  }

  boolean isBodyComplete() {
    return body.isComplete();
  }

  /** Why the body is none, in Go's words; empty while it is one. */
  String failure() {
    return body.failure();
  }

  /** Ends what was passed on of a body that will not be whole. */
  void passCut(ByteStringBuilder out) {
    if (body.isChunked() && !head.dropsBody()) {
      out.putBytes(ChunkedBody.LAST);
    }
  }
}
