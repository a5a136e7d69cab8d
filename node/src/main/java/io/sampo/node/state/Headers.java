package io.sampo.node.state;

import io.sampo.protocol.etcdserverpb.ResponseHeader;

/** Response headers as applying fills them: the revision alone. */
final class Headers {
  private Headers() {}

  static ResponseHeader at(long revision) {
    return ResponseHeader.newBuilder().setRevision(revision).build();
  }
}
