package io.sampo.node.edge.http2;

/** Takes the requests of a connection. */
public interface RequestHandler {

  /**
   * A request has begun. It may be answered at once.
   *
   * @param ended whether it has no body; otherwise the body goes to what is returned
   * @return never null
   */
  StreamHandler open(Http2Stream stream, boolean ended);
}
