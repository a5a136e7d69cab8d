package io.sampo.node.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RetentionRuleTest {

  @Test
  void revisionModeKeepsANumberOfRevisionsAndDoesNotRepeatItself() {
    RevisionRetention rule = new RevisionRetention(10);
    assertEquals(Duration.ofMinutes(5), rule.interval());
    assertEquals(OptionalLong.empty(), rule.due(0, 10));
    assertEquals(OptionalLong.of(5), rule.due(0, 15));
    rule.compacted(0, 5);
    assertEquals(OptionalLong.empty(), rule.due(0, 15));
    assertEquals(OptionalLong.of(6), rule.due(0, 16));
  }

  @Test
  void aShortPeriodIsCompactedToItsOwnBegin() {
    PeriodicRetention rule = new PeriodicRetention(Duration.ofMinutes(10), 0, 1);
    assertEquals(Duration.ofMinutes(1), rule.interval());
    for (int minute = 1; minute < 10; minute++) {
      assertEquals(OptionalLong.empty(), rule.due(minutes(minute), 1 + minute), "at " + minute);
    }
    assertEquals(OptionalLong.of(1), rule.due(minutes(10), 11));
    rule.compacted(minutes(10), 1);
    assertEquals(OptionalLong.empty(), rule.due(minutes(11), 12));
  }

  @Test
  void aLongPeriodIsCompactedEveryHourAfterTheFirst() {
    PeriodicRetention rule = new PeriodicRetention(Duration.ofHours(2), 0, 1);
    assertEquals(Duration.ofMinutes(6), rule.interval());
    long revision = 1;
    OptionalLong due = OptionalLong.empty();
    int looks = 0;
    while (due.isEmpty()) {
      looks++;
      due = rule.due(minutes(6L * looks), ++revision);
    }
    assertEquals(20, looks);
    assertEquals(OptionalLong.of(1), due);
    rule.compacted(minutes(120), 1);
    int more = 0;
    do {
      more++;
      due = rule.due(minutes(120 + 6L * more), ++revision);
    } while (due.isEmpty());
    assertEquals(10, more);
  }

  private static long minutes(long minutes) {
    return Duration.ofMinutes(minutes).toNanos();
  }
}
