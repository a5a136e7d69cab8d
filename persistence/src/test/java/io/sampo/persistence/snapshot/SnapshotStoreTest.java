package io.sampo.persistence.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.persistence.disk.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A name in the directory always stands for a whole snapshot, and a damaged one is never in the
 * way.
 */
class SnapshotStoreTest {
  private static final SnapshotId FIRST = new SnapshotId(1, 10);
  private static final SnapshotId SECOND = new SnapshotId(2, 300);
  private static final SnapshotId THIRD = new SnapshotId(2, 4000);

  @TempDir private Path directory;
  private final AtomicLong clock = new AtomicLong();

  private SnapshotStore open() throws IOException {
    return SnapshotStore.open(directory, clock::incrementAndGet);
  }

  @Test
  void whatWasSavedIsFoundByTheNextProcess() throws IOException {
    SnapshotImage image = Images.sample(500, 100, 1);
    SavedSnapshot saved = open().save(FIRST, image);
    assertEquals("0000000000000001-000000000000000a.snap.db", names().get(0));
    assertEquals(Files.size(saved.snapshot().path()), saved.bytes());
    assertTrue(saved.fsyncNanos() > 0 && saved.totalNanos() > saved.fsyncNanos());

    StoredSnapshot found = open().newestValid().orElseThrow();
    assertEquals(saved.snapshot(), found);
    assertEquals(Images.contents(image), Images.contents(found.path()));
  }

  @Test
  void anEmptyDirectoryHasNone() throws IOException {
    assertEquals(Optional.empty(), open().newestValid());
  }

  @Test
  void aDamagedSnapshotIsSetAsideAndTheOneBeforeIsTaken() throws IOException {
    SnapshotStore store = open();
    store.save(FIRST, Images.sample(50, 100, 1));
    for (int round = 1; round <= 2; round++) {
      Path newest = store.save(SECOND, Images.sample(50, 100, 2)).snapshot().path();
      byte[] bytes = Files.readAllBytes(newest);
      bytes[9000] ^= 4;
      Files.write(newest, bytes);
      assertEquals(FIRST, store.newestValid().orElseThrow().id());
    }
    assertEquals(
        List.of(
            "0000000000000001-000000000000000a.snap.db",
            "0000000000000002-000000000000012c.snap.db.broken",
            "0000000000000002-000000000000012c.snap.db.broken.2"),
        names());
  }

  @Test
  void theNewestByIndexStayAndNoneGoesWithoutALimit() throws IOException {
    SnapshotStore store = open();
    for (SnapshotId id : List.of(THIRD, FIRST, SECOND)) {
      store.save(id, Images.sample(1, 1, 1));
    }
    assertEquals(0, store.retain(0));
    assertEquals(0, store.retain(3));
    assertEquals(1, store.retain(2));
    assertEquals(List.of(THIRD, SECOND), store.list().stream().map(StoredSnapshot::id).toList());
    assertThrows(IllegalArgumentException.class, () -> store.retain(-1));
  }

  @Test
  void leftoversOfAnInterruptedSaveAreRemovedAndForeignFilesStay() throws IOException {
    Files.createFile(directory.resolve("0000000000000001-000000000000000a.snap.db.tmp"));
    Files.createFile(directory.resolve("db"));
    Files.createFile(directory.resolve("other.tmp"));
    open();
    assertEquals(List.of("db", "other.tmp"), names());
  }

  @Test
  void aDiskThatFillsUpLeavesNoFile() throws IOException {
    for (FullDisk disk : List.of(FullDisk.after(0), FullDisk.after(100_000), FullDisk.atFsync())) {
      SnapshotStore store = SnapshotStore.open(directory, clock::incrementAndGet, disk);
      IOException failure =
          assertThrows(IOException.class, () -> store.save(FIRST, Images.sample(5000, 500, 1)));
      assertTrue(failure.getMessage().contains("000000000000000a.snap.db: No space left"));
      assertEquals(List.of(), names());
    }
  }

  @Test
  void aSnapshotThatCannotFitIsRefusedBeforeItIsBegun() throws IOException {
    SnapshotStore store =
        SnapshotStore.open(
            directory,
            clock::incrementAndGet,
            FullDisk.withUsableBytes(DiskSpace.LOG_RESERVE_BYTES + 30_000));
    assertThrows(IOException.class, () -> store.save(FIRST, Images.sample(5000, 500, 1)));
    assertEquals(List.of(), names());
    store.save(FIRST, Images.sample(1, 1, 1));
  }

  @Test
  void theLastOfTheDiskIsLeftToTheLog() throws IOException {
    SnapshotImage image = Images.sample(5000, 500, 1);
    long bytes = open().save(FIRST, image).bytes();
    long all = bytes + DiskSpace.LOG_RESERVE_BYTES;
    SnapshotStore justTooFull =
        SnapshotStore.open(directory, clock::incrementAndGet, FullDisk.withUsableBytes(all - 1));
    String why =
        assertThrows(IOException.class, () -> justTooFull.save(SECOND, image)).getMessage();
    assertTrue(why.contains("beside the log's reserve"), why);
    SnapshotStore.open(directory, clock::incrementAndGet, FullDisk.withUsableBytes(all))
        .save(SECOND, image);
  }

  /** A folder that is not empty stands for what no process may delete. */
  @Test
  void anOldSnapshotThatCannotBeDeletedIsInNobodysWay() throws IOException {
    SnapshotStore store = open();
    Path undeletable = store.save(FIRST, Images.sample(1, 1, 1)).snapshot().path();
    Files.delete(undeletable);
    Files.createDirectories(undeletable.resolve("in the way"));
    store.save(SECOND, Images.sample(1, 1, 1));
    store.save(THIRD, Images.sample(1, 1, 1));
    assertEquals(1, store.retain(1));
    assertEquals(THIRD, store.newestValid().orElseThrow().id());
    assertTrue(Files.exists(undeletable));

    Path leftover = directory.resolve("0000000000000009-0000000000000009.snap.db.tmp");
    Files.createDirectories(leftover.resolve("in the way"));
    open().save(new SnapshotId(3, 5000), Images.sample(1, 1, 1));
  }

  @Test
  void aFailingImageLeavesNoFile() throws IOException {
    Bucket failing =
        new Bucket() {
          private int passes;

          @Override
          public String name() {
            return "key";
          }

          @Override
          public void forEach(BucketVisitor visitor) {
            visitor.accept(new byte[] {1}, new byte[10_000 * ++passes]);
          }
        };
    SnapshotStore store = open();
    SnapshotImage image = new SnapshotImage(List.of(failing));
    assertThrows(IllegalStateException.class, () -> store.save(FIRST, image));
    assertEquals(List.of(), names());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
