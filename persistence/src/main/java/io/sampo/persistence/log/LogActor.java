package io.sampo.persistence.log;

import io.sampo.persistence.disk.DiskSpace;
import io.sampo.persistence.log.LogCommand.Compact;
import io.sampo.persistence.log.LogCommand.InstallSnapshot;
import io.sampo.persistence.log.LogCommand.Persist;
import io.sampo.persistence.log.LogEvent.BatchPersisted;
import io.sampo.persistence.log.LogEvent.PrefixCompacted;
import io.sampo.persistence.log.LogEvent.SnapshotInstalled;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.Recovery;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * The durable log of this member. One command is one event and one fsync; only when the journal has
 * confirmed it does the owner hear of it. A journal that fails, or whose content is damaged, fails
 * the actor: it is not restarted, nothing more is acknowledged, and who watches it ends the
 * process.
 */
public final class LogActor extends EventSourcedBehavior<LogCommand, LogEvent, JournaledLog> {
  /** The persistence id of a member's log. */
  public static final String NAME = "raft-log";

  private final ActorContext<LogCommand> context;
  private final ActorRef<LogReply> owner;
  private final LogSettings settings;
  private final String persistenceId;
  private long reclaimableBytes;
  private boolean reclaiming;

  /**
   * @param persistenceId the name of the log in the journal; never two live actors with the same
   *     one
   * @param owner is told {@link LogReply.Recovered} first, then what each command earns
   */
  public static Behavior<LogCommand> create(
      String persistenceId, ActorRef<LogReply> owner, LogSettings settings) {
    return Behaviors.setup(context -> new LogActor(context, persistenceId, owner, settings));
  }

  private LogActor(
      ActorContext<LogCommand> context,
      String persistenceId,
      ActorRef<LogReply> owner,
      LogSettings settings) {
    super(PersistenceId.ofUniqueId(persistenceId));
    this.context = context;
    this.owner = Objects.requireNonNull(owner);
    this.settings = Objects.requireNonNull(settings);
    this.persistenceId = persistenceId;
  }

  /** Pekko's snapshots are not used: {@link PrefixCompacted} carries what they would. */
  @Override
  public Recovery recovery() {
    return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
  }

  @Override
  public JournaledLog emptyState() {
    return new JournaledLog();
  }

  @Override
  public CommandHandler<LogCommand, LogEvent, JournaledLog> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Persist.class, this::onPersist)
        .onCommand(Compact.class, this::onCompact)
        .onCommand(InstallSnapshot.class, this::onInstallSnapshot)
        .onCommand(TrimFailed.class, this::onTrimFailed)
        .build();
  }

  @Override
  public EventHandler<JournaledLog, LogEvent> eventHandler() {
    return (log, event) -> {
      log.apply(event);
      return log;
    };
  }

  @Override
  public SignalHandler<JournaledLog> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(RecoveryFailed.class, this::onRecoveryFailed)
        .onSignal(Terminated.class, (log, stopped) -> reclaiming = false)
        .build();
  }

  private Effect<LogEvent, JournaledLog> onPersist(JournaledLog log, Persist command) {
    BatchPersisted event =
        new BatchPersisted(log.lastEvent() + 1, command.hardState(), command.entries());
    log.checkBatch(event);
    checkSpace();
    int count = command.entries().size();
    long term = count == 0 ? 0 : command.entries().get(count - 1).getTerm();
    long index = count == 0 ? 0 : command.entries().get(count - 1).getIndex();
    return Effect()
        .persist(event)
        .thenRun(durable -> owner.tell(new LogReply.Flushed(term, index, command.after())));
  }

  private void checkSpace() {
    DiskSpace.shortageForLog(settings.freeBytes().getAsLong())
        .ifPresent(
            shortage -> {
              throw new JournalUnusableException(shortage, null);
            });
  }

  private Effect<LogEvent, JournaledLog> onCompact(JournaledLog log, Compact command) {
    if (command.index() <= log.snapshotIndex()) {
      return Effect().none();
    }
    PrefixCompacted event = Compaction.plan(log, command, settings);
    for (long index = log.prefixIndex() + 1; index <= event.prefixIndex(); index++) {
      reclaimableBytes += log.sizeAt(index);
    }
    return Effect().persist(event).thenRun(durable -> reclaim(event.firstNeededEvent()));
  }

  private Effect<LogEvent, JournaledLog> onInstallSnapshot(
      JournaledLog log, InstallSnapshot command) {
    SnapshotInstalled event =
        new SnapshotInstalled(
            log.lastEvent() + 1,
            log.hardState(),
            command.index(),
            command.term(),
            command.membership());
    reclaimableBytes = settings.reclaimBytes();
    return Effect()
        .persist(event)
        .thenRun(
            durable -> {
              owner.tell(new LogReply.Flushed(command.term(), command.index(), command.after()));
              reclaim(event.number());
            });
  }

  private void reclaim(long firstNeededEvent) {
    if (reclaiming || reclaimableBytes < settings.reclaimBytes() || firstNeededEvent == 1) {
      return;
    }
    reclaimableBytes = 0;
    reclaiming = true;
    Adapter.watch(
        context,
        Adapter.actorOf(
            context, JournalTrimmer.props(persistenceId, firstNeededEvent - 1, context.getSelf())));
  }

  private void onRecovered(JournaledLog log) {
    String finding = null;
    if (!log.isAnchored()) {
      finding = "its first events are missing";
    } else if (lastSequenceNumber(context) != log.lastEvent()) {
      finding = "it ends at event " + log.lastEvent() + " of " + lastSequenceNumber(context);
    } else if (log.lastEvent() == 0 && settings.historyExpected()) {
      finding = "it is empty, though this member has written before";
    }
    if (finding != null) {
      throw new JournalDamagedException(finding); // Becomes a RecoveryFailed.
    }
    owner.tell(new LogReply.Recovered(log.handOver()));
  }

  private void onRecoveryFailed(JournaledLog log, RecoveryFailed failure) {
    context.getLog().error(describe(failure.getFailure(), settings));
  }

  /** One line for the operator about the exception that a log of these settings failed with. */
  public static String describe(Throwable failure, LogSettings settings) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof JournalDamagedException) {
      return JournalDamagedException.advice(settings.journal(), cause.getMessage());
    }
    return "the journal " + settings.journal() + " failed: " + cause;
  }

  private Effect<LogEvent, JournaledLog> onTrimFailed(TrimFailed failed) {
    throw new JournalUnusableException(
        "the journal "
            + settings.journal()
            + " failed to delete the events up to "
            + failed.lastEvent(),
        failed.cause());
  }
}
