package io.sampo.node.request;

import io.sampo.node.edge.http2.EncodedMessage;

/** An answer that is made while it leaves, and of which one wants to know how much it tells of. */
public interface CountedMessage extends EncodedMessage {

  /** How many keys the range has, whether or not the answer shows all of them. */
  long count();

  /** How many of them it shows. */
  default long shown() {
    return count();
  }
}
