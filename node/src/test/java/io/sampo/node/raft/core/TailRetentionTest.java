package io.sampo.node.raft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.protocol.raftpb.Entry;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TailRetentionTest {
  private final LogTail tail = new LogTail(LogPosition.ZERO, List.of());

  @Test
  void applyingKeepsTheCatchUpEntriesAndDropsWhatIsBefore() {
    TailRetention retention = new TailRetention(tail, 500);
    append(3_000, 10);
    retention.appliedTo(2_000);
    assertEquals(1, tail.firstIndex());
    retention.appliedTo(2_001);
    assertEquals(1_502, tail.firstIndex());
    assertEquals(3_000, tail.lastIndex());
  }

  @Test
  void largeEntriesAreDroppedByTheirBytes() {
    TailRetention retention = new TailRetention(tail, 5_000);
    int size = 1 << 20;
    append(129, size);
    retention.appliedTo(100);
    assertEquals(1, tail.firstIndex());
    retention.appliedTo(129);
    assertTrue(tail.firstIndex() > 129 - 64 && tail.firstIndex() < 129 - 60, tail::toString);
  }

  @Test
  void anEntryThatIsLargerThanTheBoundIsDroppedWhenApplied() {
    TailRetention retention = new TailRetention(tail, 10);
    append(2, (int) TailRetention.MAX_BYTES + 1);
    retention.appliedTo(2);
    assertEquals(3, tail.firstIndex());
  }

  @Property(tries = 200)
  void neverDropsWhatIsNotAppliedAndNeverHoldsMoreThanItsBound(
      @ForAll @IntRange(max = 50) int catchUp,
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 400) Integer> steps) {
    LogTail log = new LogTail(LogPosition.ZERO, List.of());
    TailRetention retention = new TailRetention(log, catchUp);
    long applied = 0;
    for (int step : steps) {
      for (int i = 0; i < step + 5; i++) {
        log.append(entry(log.lastIndex() + 1, 8));
      }
      applied += step;
      retention.appliedTo(applied);
      assertTrue(log.firstIndex() <= applied + 1);
      assertTrue(applied < catchUp || log.firstIndex() <= applied - catchUp + 1);
      assertTrue(applied - log.prefix().index() <= 2L * catchUp + TailRetention.STEP);
    }
  }

  private void append(int count, int size) {
    for (int i = 0; i < count; i++) {
      tail.append(entry(tail.lastIndex() + 1, size));
    }
  }

  private static Entry entry(long index, int size) {
    return Entry.newBuilder()
        .setIndex(index)
        .setTerm(1)
        .setData(ByteString.copyFrom(new byte[size]))
        .build();
  }
}
