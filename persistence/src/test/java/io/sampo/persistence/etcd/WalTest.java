package io.sampo.persistence.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.raftpb.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalTest {
  @TempDir Path directory;

  private final WalWriter three =
      new WalWriter()
          .entry(1, 1, "one")
          .state(2, 7, 1)
          .entry(2, 2, "two")
          .cut(3)
          .entry(2, 3, "three")
          .state(2, 7, 3)
          .snapshot(2, 3)
          .entry(2, 4, "four")
          .cut(5)
          .entry(2, 5, "five")
          .entry(2, 6, "six, " + "which is longer than a sector ".repeat(40))
          .snapshot(3, 9)
          .state(3, 8, 5)
          .entry(3, 7, "seven");

  @Test
  void aLogOfThreeSegmentsSaysWhatWasWritten() throws IOException {
    three.writeTo(directory, 4096);
    try (Wal wal = Wal.open(directory)) {
      WalSummary summary = wal.summary();
      assertEquals(WalWriter.MEMBER, summary.memberId());
      assertEquals(WalWriter.CLUSTER, summary.clusterId());
      assertEquals(5, summary.hardState().getCommit());
      assertEquals(3, summary.hardState().getTerm());
      // The snapshot of entry 9 was on its way: nothing says that it is of committed entries.
      assertEquals(
          List.of(new SnapshotPosition(0, 0), new SnapshotPosition(2, 3)), summary.snapshots());
      assertTrue(summary.tornTail().isEmpty());
      assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), indexes(wal, 0));
      assertEquals(List.of(4L, 5L, 6L, 7L), indexes(wal, 3));
    }
  }

  @Test
  void anEntryMayBeWrittenAgain() throws IOException {
    new WalWriter()
        .entry(1, 1, "a")
        .entry(2, 2, "b")
        .entry(2, 3, "c")
        .entry(3, 2, "d")
        .writeTo(directory, 0);
    try (Wal wal = Wal.open(directory)) {
      assertEquals(List.of(1L, 2L), indexes(wal, 0));
    }
  }

  @Test
  void itsBeginningMayBeGone() throws IOException {
    three.writeTo(directory, 0);
    Files.delete(three.file(directory, 0));
    try (Wal wal = Wal.open(directory)) {
      assertEquals(List.of(4L, 5L, 6L, 7L), indexes(wal, 3));
      EtcdFormatException refused = assertThrows(EtcdFormatException.class, () -> indexes(wal, 1));
      assertTrue(refused.getMessage().contains("no segment reaches back to entry 1"));
    }
  }

  @Test
  void aSegmentInTheMiddleMayNot() throws IOException {
    three.writeTo(directory, 0);
    Files.delete(three.file(directory, 1));
    assertRefused("the segment with number 1 of the log is missing");
  }

  @Test
  void segmentsOfTwoLogsDoNotFit() throws IOException {
    three.writeTo(directory, 0);
    Path other = directory.resolve("other");
    new WalWriter().entry(1, 1, "else").cut(3).writeTo(other, 0);
    Files.delete(three.file(directory, 2));
    Files.delete(three.file(directory, 1));
    Files.move(other.resolve("0000000000000001-0000000000000003.wal"), three.file(directory, 1));
    assertRefused("damaged at byte 0: the checksum of what was before does not match");
  }

  @Test
  void aMissingEntryIsFound() throws IOException {
    new WalWriter().entry(1, 1, "a").entry(1, 4, "d").writeTo(directory, 0);
    try (Wal wal = Wal.open(directory)) {
      EtcdFormatException refused = assertThrows(EtcdFormatException.class, () -> indexes(wal, 0));
      assertEquals(directory + ": the entries from 2 to 3 are missing", refused.getMessage());
    }
  }

  @Test
  void otherFilesAreNoPartOfIt() throws IOException {
    assertFalse(Wal.exists(directory));
    assertFalse(Wal.exists(directory.resolve("nowhere")));
    Files.writeString(directory.resolve("0.tmp"), "space for the next segment");
    assertFalse(Wal.exists(directory));
    three.writeTo(directory, 0);
    Files.writeString(directory.resolve("0000000000000007-0000000000000001.wal.broken"), "old");
    assertTrue(Wal.exists(directory));
    Wal.open(directory).close();
  }

  @Test
  void nobodyElseMayHaveIt() throws IOException {
    three.writeTo(directory, 0);
    try (Wal wal = Wal.open(directory)) {
      assertEquals(3, wal.files().size());
      assertRefused("in use by this process");
    }
    Wal.open(directory).close();
  }

  /** At every byte: the file ends there, or what was to come is still zero. */
  @Test
  void aTornEndIsCutAtEveryByte() throws IOException {
    byte[] whole = three.bytes(2);
    for (int length = 0; length <= whole.length; length++) {
      three.writeTo(directory, 0);
      Files.write(three.file(directory, 2), Arrays.copyOf(whole, length));
      try (Wal wal = Wal.open(directory)) {
        int kept = keptAt(length);
        assertEquals(entriesWithin(kept), indexes(wal, 3), "cut at " + length);
        assertEquals(kept != length, wal.summary().tornTail().isPresent(), "cut at " + length);
      }
    }
  }

  /** Which of these etcd repairs depends on whether a whole sector is zero. */
  @Test
  void anEndOfZerosIsCutWhereASectorIsZero() throws IOException {
    byte[] whole = three.bytes(2);
    int cut = 0;
    for (int length = 0; length < whole.length; length++) {
      byte[] zeroed = Arrays.copyOf(Arrays.copyOf(whole, length), whole.length + 1024);
      int same = Arrays.mismatch(zeroed, whole);
      if (same < 0 || same >= whole.length) {
        continue;
      }
      three.writeTo(directory, 0);
      Files.write(three.file(directory, 2), zeroed);
      try (Wal wal = Wal.open(directory)) {
        assertEquals(entriesWithin(keptAt(same)), indexes(wal, 3), "zeros from " + length);
        cut++;
      } catch (EtcdFormatException refused) {
        assertTrue(refused.getMessage().contains("damaged at byte"), refused.getMessage());
      }
    }
    assertTrue(cut > whole.length / 2, cut + " of " + whole.length);
  }

  @Test
  void aFlippedBitIsNeverRead() throws IOException {
    for (int segment = 0; segment < three.segments(); segment++) {
      byte[] whole = three.bytes(segment);
      for (int at = 0; at < whole.length; at++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << at % 8);
        three.writeTo(directory, 64);
        Files.write(three.file(directory, segment), damaged);
        assertHarmless(segment, at);
      }
    }
  }

  /** Either refused, or an end was cut, or the bit says nothing: never a wrong entry. */
  private void assertHarmless(int segment, int at) throws IOException {
    try (Wal wal = Wal.open(directory)) {
      List<Long> found = indexes(wal, 0);
      assertEquals(
          List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L).subList(0, found.size()),
          found,
          segment + " at " + at);
      if (segment < three.segments() - 1) {
        assertEquals(7, found.size(), segment + " at " + at);
      }
    } catch (EtcdFormatException refused) {
      assertEquals(1, refused.getMessage().lines().count());
    }
  }

  private int keptAt(int length) {
    return three.ends().stream().filter(end -> end <= length).mapToInt(it -> it).max().orElse(0);
  }

  private List<Long> entriesWithin(int bytes) {
    List<Long> entries = new ArrayList<>(List.of(4L));
    // Records: checksum, metadata, state, five, six, snapshot, state, seven.
    if (bytes >= three.ends().get(3)) {
      entries.add(5L);
    }
    if (bytes >= three.ends().get(4)) {
      entries.add(6L);
    }
    if (bytes >= three.ends().get(7)) {
      entries.add(7L);
    }
    return entries;
  }

  private void assertRefused(String problem) {
    EtcdFormatException refused =
        assertThrows(EtcdFormatException.class, () -> Wal.open(directory));
    assertTrue(refused.getMessage().contains(problem), refused.getMessage());
  }

  private static List<Long> indexes(Wal wal, long after) throws IOException {
    List<Long> indexes = new ArrayList<>();
    wal.entriesAfter(after, (Entry entry) -> indexes.add(entry.getIndex()));
    return indexes;
  }
}
