package io.sampo.persistence.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that real programs wrote: {@code etcdctl snapshot save} of 3.4.23 and 3.7.1, and bbolt
 * 1.5.0 itself.
 */
class ForeignFileTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"etcd-3.4.23.snap", "etcd-3.7.1.snap"})
  void aSnapshotOfEtcdIsVerifiedAndRead(String name) throws IOException {
    Path file = resource(name);
    SnapshotVerifier.verify(file);
    List<byte[]> keys = new ArrayList<>();
    List<byte[]> values = new ArrayList<>();
    try (BboltReader reader = BboltReader.open(file)) {
      assertTrue(
          reader.bucketNames().containsAll(List.of("alarm", "auth", "key", "lease", "members")));
      assertEquals(Files.size(file) - 32, reader.usedBytes());
      reader.forEach(
          "key",
          (key, value) -> {
            keys.add(key);
            values.add(value);
          });
    }
    // Three small puts and a large one: revisions 2 to 5.
    assertEquals(4, keys.size());
    assertArrayEquals(
        new byte[] {0, 0, 0, 0, 0, 0, 0, 2, '_', 0, 0, 0, 0, 0, 0, 0, 0}, keys.get(0));
    assertTrue(values.get(3).length > 6000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd-3.4.23.snap", "etcd-3.7.1.snap"})
  void aDamagedSnapshotOfEtcdIsTold(String name) throws IOException {
    Path file = resource(name);
    byte[] bytes = Files.readAllBytes(file);
    for (int at : new int[] {0, bytes.length / 2, bytes.length - 1}) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      assertThrows(SnapshotFormatException.class, () -> SnapshotVerifier.verify(file));
    }
  }

  @Test
  void anotherPageSizeAndInlineBucketsAreRead() throws IOException {
    Map<String, Map<String, String>> contents = Images.contents(resource("page-1024.db"));
    assertEquals(List.of("empty", "inline", "tree"), List.copyOf(contents.keySet()));
    assertEquals(Map.of(), contents.get("empty"));
    assertEquals(Map.of("61", "31", "62", ""), contents.get("inline"));
    // A hundred keys without every third, and one large value.
    assertEquals(100 - 34 + 1, contents.get("tree").size());
    assertEquals(6000, contents.get("tree").get(Images.hex(Images.bytes("large"))).length());
  }

  @Test
  void aDatabaseWithoutATrailerCarriesNoChecksum() throws IOException {
    Path file = resource("page-1024.db");
    assertThrows(SnapshotFormatException.class, () -> SnapshotVerifier.verify(file));
  }

  @Test
  void aMissingBucketIsEmpty() throws IOException {
    try (BboltReader reader = BboltReader.open(resource("page-1024.db"))) {
      reader.forEach(
          "none",
          (key, value) -> {
            throw new AssertionError("an entry in a bucket that is not there");
          });
    }
  }

  private Path resource(String name) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream stream = ForeignFileTest.class.getResourceAsStream(name)) {
      Files.copy(stream, file);
    }
    return file;
  }
}
