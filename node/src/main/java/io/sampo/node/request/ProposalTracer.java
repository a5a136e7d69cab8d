package io.sampo.node.request;

import io.sampo.protocol.error.EtcdException;

/** Follows the proposals of traced calls. There is none where nothing is traced. */
public interface ProposalTracer {
  /** Of the call in whose name this thread works; null if there is none, or if it is not traced. */
  ProposalSpan current();

  /** One proposal. For any thread. */
  interface ProposalSpan {
    /** It is on its way to Raft. */
    void proposed();

    /** It is applied, with success or not. */
    void applied();

    /** It was not proposed, or nothing is known of it. */
    void failed(EtcdException why);
  }
}
