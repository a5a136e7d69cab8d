package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class JournaledLogPropertiesTest {
  @Property(tries = 200)
  void theFoldIsWhatThePlainListIs(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) {
    JournalHistory history = new JournalHistory(seed, steps);
    assertEquals(history.model(), history.replay(0));
  }

  /** However far the deletion got before a crash. */
  @Property(tries = 200)
  void nothingNeededIsDeleted(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) {
    JournalHistory history = new JournalHistory(seed, steps);
    for (int from = 0; from <= history.deletable(); from++) {
      assertEquals(history.model(), history.replay(from));
    }
  }

  @Property(tries = 200)
  void aMissingEventIsFound(@ForAll long seed, @ForAll @IntRange(min = 3, max = 60) int steps) {
    List<LogEvent> journal = new JournalHistory(seed, steps).journal();
    int missing = 1 + new Random(seed).nextInt(steps - 2);
    JournaledLog replayed = new JournaledLog();
    journal.subList(0, missing).forEach(replayed::apply);
    assertThrows(JournalDamagedException.class, () -> replayed.apply(journal.get(missing + 1)));
  }

  /** One event more than may be deleted. */
  @Property(tries = 200)
  void aLostBeginningIsFound(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) {
    JournalHistory history = new JournalHistory(seed, steps);
    JournaledLog replayed = new JournaledLog();
    List<LogEvent> journal = history.journal();
    boolean found = history.deletable() + 1 == journal.size(); // Then nothing is left at all.
    for (LogEvent event : journal.subList(history.deletable() + 1, journal.size())) {
      try {
        replayed.apply(event);
      } catch (JournalDamagedException e) {
        found = true;
        break;
      }
    }
    assertTrue(found || !replayed.isAnchored());
  }
}
