package io.sampo.node.request;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.sampo.node.raft.RaftStatus;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeResponse;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnResponse;
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
  private ResponseHeader complete(ResponseHeader applied) {
    return applied.getRevision() == 0 ? current() : at(applied.getRevision());
  }

  // ---- a response made at apply, with its header completed ----

  public PutResponse complete(PutResponse applied) {
    return applied.toBuilder().setHeader(complete(applied.getHeader())).build();
  }

  public DeleteRangeResponse complete(DeleteRangeResponse applied) {
    return applied.toBuilder().setHeader(complete(applied.getHeader())).build();
  }

  public TxnResponse complete(TxnResponse applied) {
    return applied.toBuilder().setHeader(complete(applied.getHeader())).build();
  }

  public LeaseGrantResponse complete(LeaseGrantResponse applied) {
    return applied.toBuilder().setHeader(complete(applied.getHeader())).build();
  }

  public LeaseRevokeResponse complete(LeaseRevokeResponse applied) {
    return applied.toBuilder().setHeader(complete(applied.getHeader())).build();
  }

  public AlarmResponse complete(AlarmResponse applied) {
    return applied.toBuilder().setHeader(complete(applied.getHeader())).build();
  }

  public RangeResponse complete(RangeResponse applied) {
    return applied.toBuilder().setHeader(complete(applied.getHeader())).build();
  }

  /** A response of any kind that was made at apply, with its header completed. */
  public <R extends Message> R completed(R applied) {
    FieldDescriptor header = applied.getDescriptorForType().findFieldByName("header");
    @SuppressWarnings("unchecked") // What a message's builder builds is that message.
    R completed =
        (R)
            applied.toBuilder()
                .setField(header, complete((ResponseHeader) applied.getField(header)))
                .build();
    return completed;
  }

  /** Only the last chunk of a stream carries a header. */
  public RangeStreamResponse complete(RangeStreamResponse chunk) {
    RangeResponse response = chunk.getRangeResponse();
    return response.hasHeader()
        ? chunk.toBuilder().setRangeResponse(complete(response)).build()
        : chunk;
  }

  /** A header without a revision, as the member RPCs answer. */
  public ResponseHeader.Builder withoutRevision() {
    return ResponseHeader.newBuilder()
        .setClusterId(clusterId)
        .setMemberId(memberId)
        .setRaftTerm(status.get().term());
  }
}
