package io.sampo.node.edge.http;

/** Where a connection stands with the request whose turn it is. */
enum Http1Phase {
  HEAD,
  BODY,
  /** The request is whole, its answer not over. */
  ANSWER,
  /** The request's body is no body; its answer is not over. */
  CUT,
  /** The connection speaks another protocol now. */
  RAW,
  /** Nothing that comes counts any more. */
  CLOSING
}
