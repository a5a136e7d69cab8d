package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogActorTest {
  private static final ConfState MEMBERS = ConfState.newBuilder().addVoters(7).build();

  @TempDir Path directory;

  private LogHarness start(JournalSettings.Engine engine) {
    return new LogHarness(new JournalSettings(directory, true, engine), LogHarness.settings());
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyLogRecoversAsEmpty(JournalSettings.Engine engine) {
    try (LogHarness log = start(engine)) {
      assertEquals(LogState.empty(), log.recovered());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasFlushedIsRecovered(JournalSettings.Engine engine) {
    HardState hardState = new HardState(3, 7);
    try (LogHarness log = start(engine)) {
      log.recovered();
      Message vote = Message.newBuilder().setTo(9).setTerm(3).build();
      log.tell(new LogCommand.Persist(hardState, LogHarness.entries(3, 1, 4, 10), List.of(vote)));
      assertEquals(new LogReply.Flushed(3, 4, List.of(vote)), log.flushed());
      assertEquals(
          new LogReply.Flushed(0, 0, List.of()), log.persist(new HardState(4, 0), List.of()));
      assertEquals(
          new LogReply.Flushed(4, 5, List.of()),
          log.persist(null, LogHarness.entries(4, 5, 1, 10)));
    }
    try (LogHarness log = start(engine)) {
      LogState state = log.recovered();
      assertEquals(new HardState(4, 0), state.hardState());
      assertEquals(5, state.lastIndex());
      assertEquals(4, state.lastTerm());
      assertEquals(LogHarness.entries(3, 1, 4, 10), state.entries().subList(0, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchOverwritesTheSuffixThatStoodThere(JournalSettings.Engine engine) {
    try (LogHarness log = start(engine)) {
      log.recovered();
      log.persist(new HardState(1, 0), LogHarness.entries(1, 1, 5, 8));
      log.persist(new HardState(2, 0), LogHarness.entries(2, 3, 1, 8));
    }
    try (LogHarness log = start(engine)) {
      LogState state = log.recovered();
      assertEquals(3, state.lastIndex());
      assertEquals(2, state.lastTerm());
      assertEquals(1, state.entries().get(1).getTerm());
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterACompactionTheTailAndTheHardStateAreRecovered(JournalSettings.Engine engine) {
    try (LogHarness log = start(engine)) {
      log.recovered();
      log.persist(new HardState(1, 7), List.of());
      for (int i = 1; i <= 10; i++) {
        log.persist(null, LogHarness.entries(1, i, 1, 8));
      }
      log.tell(new LogCommand.Compact(6, 1, MEMBERS));
      log.persist(null, LogHarness.entries(1, 11, 1, 8));
      log.tell(new LogCommand.Compact(9, 1, MEMBERS));
      log.persist(null, LogHarness.entries(1, 12, 1, 8));
    }
    LogState expected =
        new LogState(new HardState(1, 7), 7, 1, 9, MEMBERS, LogHarness.entries(1, 8, 5, 8));
    for (int i = 0; i < 2; i++) {
      try (LogHarness log = start(engine)) {
        assertEquals(expected, log.recovered());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInstalledSnapshotReplacesTheLog(JournalSettings.Engine engine) {
    List<LogReply.Flushed> replies = new ArrayList<>();
    try (LogHarness log = start(engine)) {
      log.recovered();
      log.persist(new HardState(5, 0), LogHarness.entries(1, 1, 5, 8));
      log.tell(new LogCommand.InstallSnapshot(100, 4, MEMBERS, List.of()));
      replies.add(log.flushed());
      replies.add(log.persist(null, LogHarness.entries(5, 101, 2, 8)));
    }
    assertEquals(
        List.of(new LogReply.Flushed(4, 100, List.of()), new LogReply.Flushed(5, 102, List.of())),
        replies);
    try (LogHarness log = start(engine)) {
      assertEquals(
          new LogState(new HardState(5, 0), 100, 4, MEMBERS, LogHarness.entries(5, 101, 2, 8)),
          log.recovered());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchThatLeavesAGapStopsTheLogAndIsNotAcknowledged(JournalSettings.Engine engine) {
    try (LogHarness log = start(engine)) {
      log.recovered();
      log.tell(new LogCommand.Persist(null, LogHarness.entries(1, 2, 1, 8), List.of()));
      log.stopped();
    }
    try (LogHarness log = start(engine)) {
      assertEquals(LogState.empty(), log.recovered());
    }
  }
}
