package io.sampo.node.request;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What a learner does not answer, because it may be far behind (etcd 3.7.1, v3rpc/interceptor.go):
 * everything but its status, its snapshot, and reads that may be old.
 */
public final class LearnerGuard {
  private static final String RANGE = "/etcdserverpb.KV/Range";
  private static final Set<String> ANSWERED =
      Set.of(RANGE, "/etcdserverpb.Maintenance/Status", "/etcdserverpb.Maintenance/Snapshot");

  private final BooleanSupplier learner;

  /**
   * @param learner whether this member is one now
   */
  public LearnerGuard(BooleanSupplier learner) {
    this.learner = learner;
  }

  /** Why no call of this method is answered; empty if it depends on the request, or is. */
  public Optional<EtcdException> refusal(String method) {
    return ANSWERED.contains(method) ? Optional.empty() : refusalOfALearner();
  }

  /** Why the read is not answered; empty if it is. */
  public Optional<EtcdException> refusal(RangeRequest request) {
    return request.getSerializable() ? Optional.empty() : refusalOfALearner();
  }

  private Optional<EtcdException> refusalOfALearner() {
    return learner.getAsBoolean()
        ? Optional.of(EtcdError.NOT_SUPPORTED_FOR_LEARNER.exception())
        : Optional.empty();
  }
}
