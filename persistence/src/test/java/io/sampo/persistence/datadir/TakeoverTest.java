package io.sampo.persistence.datadir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakeoverTest {
  private static final Identity IDENTITY = new Identity(0x8e9e05c52164694dL, 0xcdf818194e3a8c32L);
  private static final String SNAPSHOT = "0000000000000002-0000000000000009.snap.db";

  private static final List<String> ETCD_SNAPSHOTS =
      List.of("db", "0000000000000002-0000000000000005.snap", "0000000000000005.snap.db");
  private static final List<String> ETCD_LOG =
      List.of("0000000000000000-0000000000000000.wal", "0.tmp", "a.wal.broken");

  @TempDir Path temporary;

  private Path data() {
    return temporary.resolve("disks/data");
  }

  private Path wal() {
    return temporary.resolve("disks/fast");
  }

  @Test
  void itIsDueOnlyWhereEtcdHasALog() throws IOException {
    assertFalse(Takeover.isDue(data(), Optional.empty()));
    etcd(Optional.empty());
    assertTrue(Takeover.isDue(data(), Optional.empty()));
    assertFalse(Takeover.isDue(data(), Optional.of(wal())));
    takeOver(Optional.empty(), step -> {});
    assertFalse(Takeover.isDue(data(), Optional.empty()));
  }

  @Test
  void etcdsFilesAreADirectoryOfEtcdsAfterwards() throws IOException {
    etcd(Optional.empty());
    Path aside = takeOver(Optional.empty(), step -> {});
    assertEquals(data().resolve("before-sampo"), aside);
    for (String name : ETCD_LOG) {
      assertEquals("wal " + name, Files.readString(aside.resolve("member/wal").resolve(name)));
    }
    for (String name : ETCD_SNAPSHOTS) {
      assertEquals("snap " + name, Files.readString(aside.resolve("member/snap").resolve(name)));
    }
    assertSampos(Optional.empty());
  }

  @Test
  void aSecondTimeTheyGetAnotherName() throws IOException {
    etcd(Optional.empty());
    takeOver(Optional.empty(), step -> {});
    remove(data().resolve("member"));
    etcd(Optional.empty());
    assertEquals(data().resolve("before-sampo.2"), takeOver(Optional.empty(), step -> {}));
    assertTrue(Files.exists(data().resolve("before-sampo/member/snap/db")));
  }

  @Test
  void whatIsNotCommittedIsGone() throws IOException {
    etcd(Optional.empty());
    Map<String, String> before = contents();
    try (Takeover takeover = Takeover.begin(data(), Optional.empty())) {
      make(takeover.journal().resolve("CURRENT"), "journal");
      make(takeover.nativeLibraries().resolve("lib.so"), "code");
      assertThrows(DataDirectoryException.class, () -> Takeover.begin(data(), Optional.empty()));
    }
    assertEquals(before, contents());
    assertFalse(Files.exists(data().resolve("member/native")));
  }

  @Test
  void withoutAWalDirectoryAPowerCutAnywhereIsHarmless() throws IOException {
    everyPowerCut(Optional.empty());
  }

  @Test
  void withAWalDirectoryAPowerCutAnywhereIsHarmless() throws IOException {
    everyPowerCut(Optional.of(wal()));
  }

  @Test
  void anotherWalDirectoryHalfWayIsRefused() throws IOException {
    etcd(Optional.of(wal()));
    List<Path> images = images(Optional.of(wal()));
    use(images.get(images.size() / 2));
    String message =
        assertThrows(
                DataDirectoryException.class, () -> DataDirectory.open(data(), Optional.empty()))
            .getMessage();
    assertTrue(message.contains("with the same --wal-dir"), message);
    DataDirectory.open(data(), Optional.of(wal())).close();
  }

  @Test
  void etcdStartedOnItLaterIsNoticed() throws IOException {
    etcd(Optional.empty());
    takeOver(Optional.empty(), step -> {});
    make(data().resolve("member/wal/0000000000000000-0000000000000000.wal"), "new");
    String message =
        assertThrows(
                DataDirectoryException.class, () -> DataDirectory.open(data(), Optional.empty()))
            .getMessage();
    assertTrue(message.contains("etcd has written to it since"), message);
  }

  /** Starts again from what the disk held before every single step. */
  private void everyPowerCut(Optional<Path> walDirectory) throws IOException {
    etcd(walDirectory);
    Map<String, String> etcds = contents();
    List<Path> images = images(walDirectory);
    assertTrue(images.size() > 12, images.size() + " steps");
    int undone = 0;
    for (Path image : images) {
      use(image);
      if (Takeover.isPending(data(), walDirectory)) {
        DataDirectory.open(data(), walDirectory).close();
      } else if (Takeover.isDue(data(), walDirectory)) {
        Map<String, String> now = contents();
        etcds.forEach((name, content) -> assertEquals(content, now.get(name), name));
        takeOver(walDirectory, step -> {});
        undone++;
      }
      assertSampos(walDirectory);
      Map<String, String> now = contents();
      etcds.values().forEach(content -> assertTrue(now.containsValue(content), content));
    }
    assertTrue(undone >= 3, undone + " before the commit");
  }

  /** What the disks held before each step of a takeover. */
  private List<Path> images(Optional<Path> walDirectory) throws IOException {
    List<Path> images = new ArrayList<>();
    takeOver(
        walDirectory,
        step -> {
          Path image = temporary.resolve("image" + images.size());
          copy(temporary.resolve("disks"), image);
          images.add(image);
        });
    return images;
  }

  private void use(Path image) throws IOException {
    remove(temporary.resolve("disks"));
    copy(image, temporary.resolve("disks"));
  }

  private void etcd(Optional<Path> walDirectory) throws IOException {
    for (String name : ETCD_SNAPSHOTS) {
      make(data().resolve("member/snap").resolve(name), "snap " + name);
    }
    for (String name : ETCD_LOG) {
      make(walDirectory.orElse(data().resolve("member/wal")).resolve(name), "wal " + name);
    }
  }

  private Path takeOver(Optional<Path> walDirectory, java.util.function.Consumer<String> beforeStep)
      throws IOException {
    try (Takeover takeover = Takeover.begin(data(), walDirectory, beforeStep)) {
      make(takeover.journal().resolve("CURRENT"), "journal");
      make(takeover.journal().resolve("000001.log"), "entries");
      make(takeover.snapshots().resolve(SNAPSHOT), "state");
      return takeover.commit(IDENTITY);
    }
  }

  private void assertSampos(Optional<Path> walDirectory) throws IOException {
    try (DataDirectory directory = DataDirectory.open(data(), walDirectory)) {
      assertEquals(Optional.of(IDENTITY), directory.identity());
      assertEquals("journal", Files.readString(directory.journal().resolve("CURRENT")));
      assertEquals("entries", Files.readString(directory.journal().resolve("000001.log")));
      assertEquals("state", Files.readString(directory.snapshots().resolve(SNAPSHOT)));
    }
    assertFalse(Files.exists(data().resolve("member/TAKEOVER")));
    assertFalse(Files.exists(data().resolve("member/adopting")));
    assertFalse(Files.exists(data().resolve("member/snap/db")));
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    Path disks = temporary.resolve("disks");
    try (Stream<Path> files = Files.walk(disks)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("LOCK")) {
          contents.put(disks.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return contents;
  }

  private static void make(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) throws IOException {
    List<Path> contents;
    try (Stream<Path> files = Files.walk(folder)) {
      contents = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : contents) {
      Files.delete(file);
    }
  }
}
