package io.sampo.persistence.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a file, reading it ends, in bounds, and the checksum tells. */
class DamagedFileTest {
  private static final int TRAILER_BYTES = 32;

  @TempDir private Path directory;
  private Path path;
  private byte[] whole;

  @BeforeEach
  void save() throws IOException {
    SnapshotStore store = SnapshotStore.open(directory, new AtomicLong()::incrementAndGet);
    path = store.save(new SnapshotId(1, 1), Images.sample(120, 600, 1)).snapshot().path();
    whole = Files.readAllBytes(path);
  }

  @Test
  void noFlippedByteBelowTheTrailerGoesUnnoticed() throws IOException {
    Random random = new Random(1);
    for (int tries = 0; tries < 400; tries++) {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length - TRAILER_BYTES)] ^= (byte) (1 << random.nextInt(8));
      Files.write(path, bytes);
      assertThrows(SnapshotFormatException.class, () -> SnapshotVerifier.verify(path));
      read();
    }
  }

  @Test
  void withoutTheSealTheSha256Counts() throws IOException {
    byte[] bytes = whole.clone();
    int seal = bytes.length - TRAILER_BYTES - 4096 + 16;
    bytes[seal] ^= 1;
    Files.write(path, bytes);
    assertTrue(verifyMessage().endsWith("does not match its SHA-256"));
  }

  @Test
  void aFileCutShortAnywhereIsRefused() throws IOException {
    for (int length = 0; length < whole.length; length += 509) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThrows(SnapshotFormatException.class, () -> SnapshotVerifier.verify(path));
      if (length < whole.length - TRAILER_BYTES) {
        assertThrows(SnapshotFormatException.class, () -> BboltReader.open(path));
      }
    }
  }

  @Test
  void readingGarbageInPlaceOfPagesEnds() throws IOException {
    Random random = new Random(2);
    int[] interesting = {0, 1, 2, 3, 16, 17, 4095, 4096, 65535, Integer.MAX_VALUE, -1};
    for (int tries = 0; tries < 600; tries++) {
      byte[] bytes = whole.clone();
      for (int word = 0; word < 1 + random.nextInt(20); word++) {
        int page = random.nextInt((bytes.length - TRAILER_BYTES) / 4096);
        int at = page * 4096 + 4 * random.nextInt(20);
        int value =
            random.nextBoolean()
                ? interesting[random.nextInt(interesting.length)]
                : random.nextInt(200);
        BboltFormat.putInt(bytes, at, value);
      }
      Files.write(path, bytes);
      read();
    }
  }

  @Test
  void aTornMetaPageLeavesTheOther() throws IOException {
    for (int meta = 0; meta < 2; meta++) {
      byte[] bytes = whole.clone();
      Arrays.fill(bytes, meta * 4096, meta * 4096 + 4096, (byte) 0);
      Files.write(path, bytes);
      assertEquals(Images.contents(Images.sample(120, 600, 1)), Images.contents(path));
    }
    byte[] bytes = whole.clone();
    Arrays.fill(bytes, 0, 2 * 4096, (byte) 0);
    Files.write(path, bytes);
    IOException failure = assertThrows(SnapshotFormatException.class, () -> BboltReader.open(path));
    assertEquals(path + ": no valid bbolt meta page", failure.getMessage());
  }

  @Test
  void aPageThatIsItsOwnChildIsRefused() throws IOException {
    int branch = branchPage();
    BboltFormat.putLong(whole, branch * 4096 + 16 + 8, branch);
    Files.write(path, whole);
    assertTrue(readMessage().contains("has two parents"), readMessage());
  }

  @Test
  void swappedChildrenAreRefused() throws IOException {
    int branch = branchPage() * 4096 + 16;
    long first = BboltFormat.getLong(whole, branch + 8);
    BboltFormat.putLong(whole, branch + 8, BboltFormat.getLong(whole, branch + 24));
    BboltFormat.putLong(whole, branch + 24, first);
    Files.write(path, whole);
    assertTrue(readMessage().contains("keys do not ascend") || readMessage().contains("next page"));
  }

  private int branchPage() {
    int page = 2;
    while (whole[page * 4096 + 8] != BboltFormat.BRANCH_FLAG) {
      page++;
    }
    return page;
  }

  /** Reads everything; any failure but the reader's own goes through. */
  private void read() throws IOException {
    try {
      Images.contents(path);
    } catch (SnapshotFormatException expected) {
      assertTrue(expected.getMessage().startsWith(path.toString()));
    }
  }

  private String readMessage() {
    return assertThrows(SnapshotFormatException.class, () -> Images.contents(path)).getMessage();
  }

  private String verifyMessage() {
    return assertThrows(SnapshotFormatException.class, () -> SnapshotVerifier.verify(path))
        .getMessage();
  }
}
