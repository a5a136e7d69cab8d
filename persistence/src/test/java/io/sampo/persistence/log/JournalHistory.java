package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.persistence.log.LogEvent.BatchPersisted;
import io.sampo.persistence.log.LogEvent.PrefixCompacted;
import io.sampo.persistence.log.LogEvent.SnapshotInstalled;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random history of a log, checked at every step against a model that keeps a plain list and
 * copies it.
 */
final class JournalHistory {
  private final JournaledLog log = new JournaledLog();
  private final List<LogEvent> journal = new ArrayList<>();
  private LogState model = LogState.empty();
  private long deletable = 1;

  JournalHistory(long seed, int steps) {
    Random random = new Random(seed);
    for (int step = 0; step < steps; step++) {
      LogEvent event = next(random);
      journal.add(event);
      log.apply(event);
      assertEquals(model, log.snapshot());
    }
  }

  private LogEvent next(Random random) {
    long number = journal.size() + 1;
    int kind = random.nextInt(20);
    if (kind == 0) {
      return install(number, random);
    } else if (kind <= 4 && model.lastIndex() > model.snapshotIndex()) {
      return compact(random);
    }
    return batch(number, random);
  }

  private LogEvent batch(long number, Random random) {
    HardState hardState =
        random.nextInt(3) == 0
            ? new HardState(model.hardState().term() + random.nextInt(3), random.nextInt(3))
            : null;
    List<Entry> batch = List.of();
    List<Entry> entries = new ArrayList<>(model.entries());
    if (hardState == null || random.nextBoolean()) {
      long floor = model.snapshotIndex();
      long last = model.lastIndex();
      long first =
          random.nextInt(3) == 0 ? floor + 1 + random.nextInt((int) (last - floor) + 1) : last + 1;
      batch =
          LogHarness.entries(
              termForNext() + random.nextInt(2), first, 1 + random.nextInt(5), random.nextInt(20));
      while (entries.size() > first - model.prefixIndex() - 1) {
        entries.remove(entries.size() - 1);
      }
      entries.addAll(batch);
    }
    model =
        new LogState(
            hardState == null ? model.hardState() : hardState,
            model.prefixIndex(),
            model.prefixTerm(),
            model.snapshotIndex(),
            model.membership(),
            entries);
    return new BatchPersisted(number, hardState, batch);
  }

  /** Raft's terms never go back, wherever an overwriting leader begins. */
  private long termForNext() {
    return Math.max(1, model.lastTerm());
  }

  private LogEvent compact(Random random) {
    long span = model.lastIndex() - model.snapshotIndex();
    long index = model.snapshotIndex() + 1 + random.nextInt((int) span);
    ConfState members = ConfState.newBuilder().addVoters(random.nextInt(5)).build();
    LogSettings settings =
        LogSettings.defaults("model")
            .withCatchUpEntries(random.nextInt(6))
            .withCatchUpBytes(random.nextInt(3) == 0 ? 60 : 1000);
    PrefixCompacted event =
        Compaction.plan(log, new LogCommand.Compact(index, log.termAt(index), members), settings);
    long kept = 0;
    long bytes = 0;
    while (index - kept > model.prefixIndex() && kept < settings.catchUpEntries()) {
      bytes += entry(index - kept).getSerializedSize();
      if (bytes > settings.catchUpBytes()) {
        break;
      }
      kept++;
    }
    long prefix = index - kept;
    int dropped = (int) (prefix - model.prefixIndex());
    model =
        new LogState(
            model.hardState(),
            prefix,
            prefix == model.prefixIndex() ? model.prefixTerm() : entry(prefix).getTerm(),
            index,
            members,
            model.entries().subList(dropped, model.entries().size()));
    deletable = event.firstNeededEvent();
    return event;
  }

  private Entry entry(long index) {
    return model.entries().get((int) (index - model.prefixIndex() - 1));
  }

  private LogEvent install(long number, Random random) {
    long index = model.lastIndex() + 1 + random.nextInt(10);
    ConfState members = ConfState.newBuilder().addVoters(9).build();
    long term = model.lastTerm() + random.nextInt(2);
    model = new LogState(model.hardState(), index, term, members, List.of());
    deletable = number;
    return new SnapshotInstalled(number, model.hardState(), index, term, members);
  }

  LogState replay(int from) {
    JournaledLog replayed = new JournaledLog();
    journal.subList(from, journal.size()).forEach(replayed::apply);
    assertTrue(replayed.isAnchored());
    return replayed.snapshot();
  }

  LogState model() {
    return model;
  }

  List<LogEvent> journal() {
    return journal;
  }

  /** How many events may have been deleted from the beginning. */
  int deletable() {
    return (int) deletable - 1;
  }
}
