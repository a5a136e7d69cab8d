package io.sampo.node.raft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.protocol.raftpb.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LogTailTest {
  private record Step(int kind, int amount) {}

  private record Shown(List<Entry> slice, List<Entry> copy) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 4), Arbitraries.integers().between(0, 2_000))
        .as(Step::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 300)
  void behavesLikeAMapAndNeverChangesASlice(@ForAll("steps") List<Step> steps) {
    LogTail tail = new LogTail(LogPosition.ZERO, List.of());
    TreeMap<Long, Entry> model = new TreeMap<>();
    List<Shown> shown = new ArrayList<>();
    long term = 1;
    for (Step step : steps) {
      long span = tail.lastIndex() - tail.prefix().index();
      switch (step.kind()) {
        case 0, 1 -> {
          for (int i = 0; i < step.amount(); i++) {
            Entry entry = Entries.entry(term, tail.lastIndex() + 1);
            tail.append(entry);
            model.put(entry.getIndex(), entry);
          }
        }
        case 2 -> {
          long from = tail.firstIndex() + step.amount() % (span + 1);
          tail.truncateFrom(from);
          model.tailMap(from).clear();
          term++;
        }
        case 3 -> {
          long to = tail.prefix().index() + step.amount() % (span + 1);
          tail.compactTo(to);
          model.headMap(to, true).clear();
        }
        default -> {
          List<Entry> slice = tail.slice(tail.firstIndex(), tail.lastIndex());
          shown.add(new Shown(slice, List.copyOf(slice)));
        }
      }
      assertEquals(List.copyOf(model.values()), tail.slice(tail.firstIndex(), tail.lastIndex()));
      if (!model.isEmpty()) {
        assertEquals(model.lastKey(), tail.lastIndex());
        assertEquals(model.lastEntry().getValue().getTerm(), tail.lastTerm());
      }
    }
    shown.forEach(each -> assertEquals(each.copy(), each.slice()));
  }

  @Test
  void knowsThePrefixButNothingBeforeIt() {
    LogTail tail = Entries.log(1, 1, 2, 3);
    tail.compactTo(3);
    assertEquals(2, tail.termAt(3));
    assertEquals(0, tail.termAt(2));
    assertEquals(3, tail.termAt(4));
    assertEquals(new LogPosition(3, 4), tail.last());
    tail.compactTo(4);
    assertEquals(new LogPosition(3, 4), tail.last());
  }

  @Test
  void refusesGapsAndTermsThatGoBack() {
    LogTail tail = Entries.log(1, 2);
    assertThrows(Invariants.InvariantViolation.class, () -> tail.append(Entries.entry(2, 4)));
    assertThrows(Invariants.InvariantViolation.class, () -> tail.append(Entries.entry(1, 3)));
  }

  @Test
  void aBoundedSliceHasAtLeastOneEntry() {
    LogTail tail = Entries.log(1, 1, 1);
    assertEquals(1, tail.slice(1, 10, 0).size());
    assertEquals(2, tail.slice(1, 2, 1_000).size());
    assertEquals(0, tail.slice(4, 10, 1_000).size());
  }

  /** The example in etcd-io/raft's stepLeader: leader 1 3 3 3 5 5 5 5 5, follower 1 1 1 1 2 2. */
  @Test
  void skipsWholeTermsWhenLogsConflict() {
    LogTail leader = Entries.log(1, 3, 3, 3, 5, 5, 5, 5, 5);
    LogTail follower = Entries.log(1, 1, 1, 1, 2, 2);
    assertEquals(new LogPosition(2, 6), follower.lastPositionWithTermAtMost(6, 5));
    assertEquals(new LogPosition(1, 1), leader.lastPositionWithTermAtMost(6, 2));
  }
}
