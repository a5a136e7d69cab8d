package io.sampo.persistence.log;

import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;

/**
 * Deletes the events up to one and stops; tells the log ({@link TrimFailed}) when the journal
 * cannot delete. It does not throw: whoever throws here is started again, and deletes again, for
 * ever. An EventSourcedBehavior can delete only as a consequence of a Pekko snapshot, which the log
 * does not have; a classic persistent actor of the same persistence id may delete at will, works
 * with every journal plugin, and this one never writes. It lives for one deletion because it may
 * only delete what had been written when it started.
 */
final class JournalTrimmer extends AbstractPersistentActor {
  private final String persistenceId;
  private final long lastEvent;
  private final ActorRef<? super TrimFailed> log;

  static Props props(String persistenceId, long lastEvent, ActorRef<? super TrimFailed> log) {
    return Props.create(
        JournalTrimmer.class, () -> new JournalTrimmer(persistenceId, lastEvent, log));
  }

  private JournalTrimmer(String persistenceId, long lastEvent, ActorRef<? super TrimFailed> log) {
    this.persistenceId = persistenceId;
    this.lastEvent = lastEvent;
    this.log = log;
  }

  @Override
  public String persistenceId() {
    return persistenceId;
  }

  /** Replays nothing, only learns the number of the last event. */
  @Override
  public Recovery recovery() {
    return Recovery.none();
  }

  @Override
  public Receive createReceiveRecover() {
    return receiveBuilder()
        .match(RecoveryCompleted.class, recovered -> deleteMessages(lastEvent))
        .build();
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(DeleteMessagesSuccess.class, deleted -> getContext().stop(getSelf()))
        .match(DeleteMessagesFailure.class, this::onFailure)
        .build();
  }

  private void onFailure(DeleteMessagesFailure failure) {
    log.tell(new TrimFailed(failure.toSequenceNr(), failure.cause()));
    getContext().stop(getSelf());
  }
}
