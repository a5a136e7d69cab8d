package io.sampo.node.lock;

import io.grpc.Status;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How recipes fail. As in etcd nothing but the text of an error survives: its code is UNKNOWN. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

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

  /** A failure as a value; one that is not one of etcd's own is also logged. */
  static EtcdException expected(Throwable thrown) {
    Throwable cause = EtcdException.causeOf(thrown);
    if (cause instanceof EtcdException expected) {
      return expected;
    }
    LOG.atError().setCause(cause).log("a step failed in a way it should not");
    return new EtcdException(Status.Code.INTERNAL, String.valueOf(cause.getMessage()));
  }

  /** Answers with what the last step of a recipe gave. */
  static <R> void answer(ReplyTo<R> caller, R response, Throwable failure) {
    if (failure == null) {
      caller.tell(response);
    } else {
      caller.fail(expected(of(failure)));
    }
  }

  /** What the last step of a recipe gives, as its caller is told of it. */
  static <R> CompletableFuture<R> told(CompletionStage<R> last) {
    return last.toCompletableFuture()
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(of(failure)));
  }
}
