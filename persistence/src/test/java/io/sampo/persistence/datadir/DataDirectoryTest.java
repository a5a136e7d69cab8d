package io.sampo.persistence.datadir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {
  private static final Identity IDENTITY = new Identity(0x8e9e05c52164694dL, 0xcdf818194e3a8c32L);

  @TempDir Path temporary;

  private Path root() {
    return temporary.resolve("a").resolve("node.etcd");
  }

  private DataDirectory open() {
    return DataDirectory.open(root(), Optional.empty());
  }

  private String refused() {
    String message = assertThrows(DataDirectoryException.class, this::open).getMessage();
    assertTrue(message.contains(root().toString()), message);
    assertFalse(message.contains("\n"), message);
    return message;
  }

  private List<String> everything() throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  private void make(String file, String text) throws IOException {
    Path path = root().resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void theFoldersAreCreatedForTheOwnerOnly() throws IOException {
    try (DataDirectory directory = open()) {
      for (Path folder :
          List.of(
              directory.root(),
              directory.root().resolve("member"),
              directory.journal(),
              directory.snapshots(),
              directory.nativeLibraries())) {
        assertEquals(
            "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
      }
      assertEquals(root().resolve("member/journal"), directory.journal());
      assertEquals(root().resolve("member/snap"), directory.snapshots());
    }
  }

  @Test
  void theJournalGoesToTheWalDirectoryIfThereIsOne() {
    Path wal = temporary.resolve("fast").resolve("wal");
    try (DataDirectory directory = DataDirectory.open(root(), Optional.of(wal))) {
      assertEquals(wal, directory.journal());
      assertTrue(Files.isDirectory(wal));
    }
  }

  @Test
  void aSecondUserIsRefusedUntilTheFirstCloses() {
    DataDirectory first = open();
    assertTrue(refused().endsWith("is in use by another process"));
    first.close();
    open().close();
  }

  @Test
  void theIdentityIsKeptAndAnotherOneIsRefused() {
    try (DataDirectory directory = open()) {
      assertEquals(Optional.empty(), directory.identity());
      directory.establish(IDENTITY);
    }
    try (DataDirectory directory = open()) {
      assertEquals(Optional.of(IDENTITY), directory.identity());
      directory.establish(IDENTITY);
      String message =
          assertThrows(DataDirectoryException.class, () -> directory.establish(new Identity(1, 2)))
              .getMessage();
      assertTrue(
          message.endsWith(
              "belongs to member 8e9e05c52164694d of cluster cdf818194e3a8c32, not to member 1 of"
                  + " cluster 2"),
          message);
    }
  }

  @Test
  void aFirstStartThatWasCutShortCanBeRepeated() throws IOException {
    make("member/LOCK", "");
    make("member/FORMAT.tmp", "sampo da");
    Files.createDirectories(root().resolve("member/journal"));
    open().close();
    open().close();
  }

  @Test
  void whatEtcdLeftIsRefusedAndNothingIsWritten() throws IOException {
    make("member/wal/0000000000000000-0000000000000000.wal", "x");
    make("member/snap/db", "x");
    List<String> before = everything();
    assertTrue(refused().contains("was left by etcd"));
    assertEquals(before, everything());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "member_id",
        "photos/cat.jpg",
        ".snapshot/member/snap/0000000000000001.snap",
        ".gitkeep",
        "member/notes",
        "member/snap/.gitkeep",
        "member/journal/.snapshot/x"
      })
  void whatIsNobodysDataStays(String file) throws IOException {
    make(file, "x");
    open().close();
    open().close();
    assertEquals("x", Files.readString(root().resolve(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"member/snap/db", "member/journal/CURRENT", "member/IDENTITY"})
  void dataWithoutItsFormatIsRefusedAndNothingIsWritten(String file) throws IOException {
    make(file, "x");
    List<String> before = everything();
    assertTrue(refused().contains("not one of Sampo's"));
    assertEquals(before, everything());
  }

  @Test
  void aForeignWalDirectoryIsRefused() throws IOException {
    Path wal = Files.createDirectories(temporary.resolve("wal"));
    Files.writeString(wal.resolve("something"), "x");
    assertThrows(DataDirectoryException.class, () -> DataDirectory.open(root(), Optional.of(wal)));
    assertFalse(Files.exists(root()));
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    open().close();
    make("member/FORMAT", "sampo data directory, format 2\n");
    assertTrue(refused().contains("has format 2, this version reads up to 1"));
  }

  @Test
  void unreadableFilesOfOurOwnAreRefused() throws IOException {
    open().close();
    make("member/IDENTITY", "member-id 1\ncluster");
    assertTrue(refused().contains("IDENTITY is unreadable"));
    make("member/FORMAT", "");
    assertTrue(refused().contains("FORMAT is unreadable"));
  }

  @Test
  void aRefusalLeavesTheDirectoryUnlocked() throws IOException {
    open().close();
    make("member/IDENTITY", "");
    refused();
    make("member/IDENTITY", IDENTITY.encoded());
    open().close();
  }

  @Test
  void aFileInTheWayIsRefused() throws IOException {
    Files.createDirectories(root().getParent());
    Files.writeString(root(), "x");
    assertTrue(refused().contains("is not a directory"));
  }
}
