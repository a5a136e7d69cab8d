package io.sampo.node.lock;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import java.util.concurrent.CompletableFuture;

/** How recipes fail. As in etcd nothing but the text of an error survives: its code is UNKNOWN. */
final class Failures {
  static final EtcdException SESSION_EXPIRED = unknown("mutex: session is expired");
  static final EtcdException NOT_LEADER = unknown("election: not leader");
  static final EtcdException NO_LEADER = unknown("election: no leader");
  static final EtcdException MISSING_LEADER = unknown("\"leader\" field must be provided");
  static final EtcdException LOST_WATCHER = unknown("lost watcher waiting for delete");
  static final EtcdException CANCELED =
      new EtcdException(Status.Code.CANCELLED, "context canceled");

  private Failures() {}

  private static EtcdException unknown(String text) {
    return new EtcdException(Status.Code.UNKNOWN, text);
  }

  /** What the caller of a recipe is told of a failure in one of its steps. */
  static Throwable of(Throwable thrown) {
    Throwable cause = EtcdException.causeOf(thrown);
    return cause instanceof EtcdException step && step.code() != Status.Code.CANCELLED
        ? unknown(step.text())
        : cause;
  }

  /** Why the server has ended a watcher. */
  static EtcdException ofCanceled(WatchResponse canceled) {
    return canceled.getCompactRevision() != 0
        ? unknown(EtcdError.COMPACTED.exception().text())
        : unknown(canceled.getCancelReason());
  }

  /** Ends a call with what its last step gave, unless its caller has left. */
  static <R> void settle(CompletableFuture<R> answer, R response, Throwable failure) {
    if (failure == null) {
      answer.complete(response);
    } else {
      answer.completeExceptionally(of(failure));
    }
  }
}
