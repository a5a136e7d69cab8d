package io.sampo.node.state;

import com.google.protobuf.Message;
import io.sampo.node.state.auth.AuthEvent;
import io.sampo.node.state.lease.LeaseEvent;
import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import java.util.List;
import java.util.Optional;

/**
 * What applying one entry gave.
 *
 * @param requestId names the waiting request; 0 for entries nobody waits for
 * @param applied false for an entry that was applied before and is skipped
 * @param response as etcd's applier makes it: of the header the revision alone is set; null with an
 *     error and for entries that have none
 * @param error why nothing was done; but NO_SPACE can come with changes, see {@link
 *     #raiseNoSpaceAlarm}
 * @param changed the versions written, in order, all of one revision
 * @param raiseNoSpaceAlarm the store has outgrown its quota with this write, which stays: the
 *     member is to propose a NOSPACE alarm for itself before it answers
 * @param compaction null but for a compaction
 * @param authEvent what it means for tokens; null if nothing
 */
public record ApplyResult(
    long requestId,
    boolean applied,
    Message response,
    EtcdException error,
    List<KeyVersion> changed,
    List<LeaseEvent> leaseEvents,
    boolean raiseNoSpaceAlarm,
    CompactionStarted compaction,
    AuthEvent authEvent) {

  /** What to tell those who wait for events; empty if no key changed. */
  public Optional<RevisionBatch> batch() {
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(new RevisionBatch(changed.get(0).modRevision(), changed));
  }

  /** The same with the token that whoever authenticated is due. */
  public ApplyResult withToken(String token) {
    return with(((AuthenticateResponse) response).toBuilder().setToken(token).build(), null);
  }

  /** The same, but failed. */
  public ApplyResult withError(EtcdException failure) {
    return with(null, failure);
  }

  private ApplyResult with(Message otherResponse, EtcdException otherError) {
    return new ApplyResult(
        requestId,
        applied,
        otherResponse,
        otherError,
        changed,
        leaseEvents,
        raiseNoSpaceAlarm,
        compaction,
        authEvent);
  }

  static ApplyResult skipped(long requestId) {
    return new ApplyResult(requestId, false, null, null, List.of(), List.of(), false, null, null);
  }

  /** An entry without an answer, such as the empty one of a new leader. */
  static ApplyResult silent(long requestId) {
    return new ApplyResult(requestId, true, null, null, List.of(), List.of(), false, null, null);
  }
}
