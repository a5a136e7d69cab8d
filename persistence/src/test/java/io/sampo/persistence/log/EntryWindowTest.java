package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.sampo.protocol.raftpb.Entry;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EntryWindowTest {
  /** Each number is a step: appends, truncations and drops, against a plain list. */
  @Property(tries = 300)
  void termsAndSizesAreThoseOfTheEntriesWhetherTheseAreReleasedOrNot(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 99) Integer> steps,
      @ForAll @IntRange(max = 300) int releaseAfter) {
    EntryWindow window = new EntryWindow(1);
    List<Entry> model = new ArrayList<>();
    long first = 1;
    for (int i = 0; i < steps.size(); i++) {
      int step = steps.get(i);
      if (i == releaseAfter) {
        assertEquals(model, window.toList());
        window.releaseEntries();
      }
      if (step < 80) {
        for (int n = 0; n <= step; n++) {
          Entry entry = entry(first + model.size(), step);
          window.append(entry);
          model.add(entry);
        }
      } else if (step < 90) {
        int kept = model.size() * (step - 80) / 10;
        window.truncateFrom(first + kept);
        model.subList(kept, model.size()).clear();
      } else {
        int dropped = model.size() * (step - 90) / 10;
        window.dropThrough(first + dropped - 1);
        model.subList(0, dropped).clear();
        first += dropped;
      }
      assertEquals(first, window.firstIndex());
      assertEquals(first + model.size() - 1, window.lastIndex());
      for (Entry entry : model) {
        assertEquals(entry.getTerm(), window.termAt(entry.getIndex()));
        assertEquals(entry.getSerializedSize(), window.sizeAt(entry.getIndex()));
      }
    }
    long beyond = window.lastIndex() + 1;
    assertThrows(IndexOutOfBoundsException.class, () -> window.termAt(beyond));
  }

  private static Entry entry(long index, int size) {
    return Entry.newBuilder()
        .setIndex(index)
        .setTerm(1 + index / 7)
        .setData(ByteString.copyFrom(new byte[size]))
        .build();
  }
}
