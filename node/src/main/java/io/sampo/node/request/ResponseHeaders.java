package io.sampo.node.request;

import io.sampo.node.raft.RaftStatus;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Fills the header that (nearly) every response carries. */
public final class ResponseHeaders {
  private final long clusterId;
  private final long memberId;
  private final Supplier<RaftStatus> status;
  private final LongSupplier revision;

  /**
   * @param revision the store's current revision
   */
  public ResponseHeaders(
      long clusterId, long memberId, Supplier<RaftStatus> status, LongSupplier revision) {
    this.clusterId = clusterId;
    this.memberId = memberId;
    this.status = status;
    this.revision = revision;
  }

  /** A header with the revision that the answer is about. */
  public ResponseHeader at(long revision) {
    return withoutRevision().setRevision(revision).build();
  }

  /** A header with the store's current revision. */
  public ResponseHeader current() {
    return at(revision.getAsLong());
  }

  /** A header made at apply, completed; a revision of 0 there means the current one. */
  public ResponseHeader complete(ResponseHeader applied) {
    return applied.getRevision() == 0 ? current() : at(applied.getRevision());
  }

  /** A header without a revision, as the member RPCs answer. */
  public ResponseHeader.Builder withoutRevision() {
    return ResponseHeader.newBuilder()
        .setClusterId(clusterId)
        .setMemberId(memberId)
        .setRaftTerm(status.get().term());
  }
}
