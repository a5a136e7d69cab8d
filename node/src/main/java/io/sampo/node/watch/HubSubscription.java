package io.sampo.node.watch;

import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.auth.AuthTable;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/** Tells the hub what becomes of the state. */
public final class HubSubscription implements Consumer<ApplyEvent> {
  private final ActorRef<EventHub.Command> hub;
  private final PublishedState state;
  private AuthTable known;
  private long compactRevision;

  public HubSubscription(ActorRef<EventHub.Command> hub, PublishedState state) {
    this.hub = hub;
    this.state = state;
    this.known = state.get().auth();
    this.compactRevision = state.get().keys().compactRevision();
  }

  @Override
  public void accept(ApplyEvent event) {
    if (event instanceof ApplyEvent.Applied applied) {
      if (!applied.batches().isEmpty()) {
        hub.tell(new EventHub.Publish(applied.batches()));
      }
      tellAccess();
      tellCompaction();
    } else if (event instanceof ApplyEvent.Replaced replaced) {
      hub.tell(new EventHub.Restored(replaced.state().keys().revision()));
      tellAccess();
      tellCompaction();
    }
  }

  private void tellAccess() {
    AuthTable now = state.get().auth();
    if (now != known) {
      known = now;
      hub.tell(EventHub.Signal.ACCESS_CHANGED);
    }
  }

  private void tellCompaction() {
    long now = state.get().keys().compactRevision();
    if (now > compactRevision) {
      compactRevision = now;
      hub.tell(EventHub.Signal.COMPACTED);
    }
  }
}
