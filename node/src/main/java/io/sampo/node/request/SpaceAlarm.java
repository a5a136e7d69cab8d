package io.sampo.node.request;

import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.ApplyResult;
import java.util.function.Consumer;

/**
 * Raises this member's NOSPACE alarm for a request that went over the quota, and answers the
 * request once the alarm is up: the client's next write is refused then, as in etcd 3.7.1.
 */
public final class SpaceAlarm implements Consumer<ApplyEvent> {
  private final RequestGate gate;
  private final PendingRequests<ApplyResult> pending;

  public SpaceAlarm(RequestGate gate, PendingRequests<ApplyResult> pending) {
    this.gate = gate;
    this.pending = pending;
  }

  @Override
  public void accept(ApplyEvent event) {
    if (event instanceof ApplyEvent.OutOfSpace out) {
      ApplyResult result = out.result();
      gate.raiseNoSpace()
          .whenComplete((raised, failure) -> pending.complete(result.requestId(), result));
    }
  }
}
