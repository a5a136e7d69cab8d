package io.sampo.persistence.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** What is written is what is read, whatever its shape. */
class BboltRoundTripTest {
  @Property(tries = 150)
  void everyImageIsReadBackAsItWasWritten(@ForAll("images") SnapshotImage image)
      throws IOException {
    Path file = Files.createTempFile("round-trip", ".db");
    try {
      byte[] bytes = Images.file(image);
      assertEquals(BboltLayout.plan(image).totalBytes(), bytes.length);
      Files.write(file, bytes);
      assertEquals(Images.contents(image), Images.contents(file));
      // Windows of two pages, so that large values lie across their bounds.
      assertEquals(Images.contents(image), Images.contents(file, 13));
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 50)
  void pulledChunksAreTheSameBytesAndFullButForTheLast(@ForAll("images") SnapshotImage image) {
    ByteArrayOutputStream pulled = new ByteArrayOutputStream();
    Iterator<byte[]> chunks = BboltLayout.plan(image).writer();
    while (chunks.hasNext()) {
      byte[] chunk = chunks.next();
      assertTrue(chunk.length == BboltWriter.CHUNK_BYTES || !chunks.hasNext());
      assertTrue(chunk.length > 0);
      pulled.writeBytes(chunk);
    }
    assertArrayEquals(Images.file(image), pulled.toByteArray());
  }

  /**
   * Keys of up to 32 KiB and values around page and 64 KiB bounds; sizes are drawn, bytes come from
   * a seed.
   */
  @Provide
  Arbitrary<SnapshotImage> images() {
    Arbitrary<Integer> keyBytes =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.integers().between(1, 40)),
            Tuple.of(2, Arbitraries.integers().between(900, 5000)),
            Tuple.of(1, Arbitraries.of(32768, 32767, 4064)));
    Arbitrary<Integer> valueBytes =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.integers().between(0, 400)),
            Tuple.of(2, Arbitraries.integers().between(4000, 4200)),
            Tuple.of(1, Arbitraries.integers().between(60_000, 140_000)));
    Arbitrary<TreeMap<byte[], byte[]>> entries =
        Arbitraries.maps(
                Arbitraries.longs(), Combinators.combine(keyBytes, valueBytes).as(List::of))
            .ofMaxSize(300)
            .map(BboltRoundTripTest::entries);
    return Arbitraries.maps(Arbitraries.strings().alpha().numeric().ofMinLength(1), entries)
        .ofMaxSize(5)
        .map(Images::of);
  }

  private static TreeMap<byte[], byte[]> entries(Map<Long, List<Integer>> sizes) {
    TreeMap<byte[], byte[]> entries = Images.entries();
    sizes.forEach(
        (seed, size) -> {
          Random random = new Random(seed);
          byte[] key = new byte[size.get(0)];
          byte[] value = new byte[size.get(1)];
          random.nextBytes(key);
          random.nextBytes(value);
          entries.put(key, value);
        });
    return entries;
  }

  @Test
  void aDeepTreeHasNoBranchWithASingleChild() throws IOException {
    // Keys of 1.5 KiB leave space for two or three children a branch: a tree of about ten levels.
    for (int count = 1; count < 1500; count = count * 5 / 4 + 1) {
      TreeMap<byte[], byte[]> entries = Images.entries();
      for (int i = 0; i < count; i++) {
        byte[] key = new byte[1500];
        System.arraycopy(Images.bytes(String.format("%08d", i)), 0, key, 0, 8);
        entries.put(key, new byte[3000]);
      }
      SnapshotImage image = new SnapshotImage(List.of(Images.bucket("key", entries)));
      Path path = Files.createTempFile("deep", ".db");
      Files.write(path, Images.file(image));
      try (PageFile file = PageFile.open(path, PageFile.WINDOW_SHIFT)) {
        for (long id = 2; id < file.meta().freelistPage(); id += file.page(id).limit() / 4096) {
          PageView page = PageView.of(path, id, file.page(id));
          assertTrue(page.isLeaf() || page.count() >= 2, "page " + id + " of " + count + " keys");
        }
      }
      assertEquals(Images.contents(image), Images.contents(path));
      Files.delete(path);
    }
  }

  @Test
  void keysThatBboltCannotHoldAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> plan(new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> plan(new byte[32769]));
    plan(new byte[32768]);
  }

  @Test
  void keysThatDoNotAscendAreRefused() {
    byte[] key = Images.bytes("same");
    Bucket twice =
        new Bucket() {
          @Override
          public String name() {
            return "key";
          }

          @Override
          public void forEach(BucketVisitor visitor) {
            visitor.accept(key, key);
            visitor.accept(key, key);
          }
        };
    SnapshotImage image = new SnapshotImage(List.of(twice));
    assertThrows(IllegalArgumentException.class, () -> BboltLayout.plan(image));
  }

  @Test
  void anImageThatChangesAfterPlanningIsNoticed() {
    TreeMap<byte[], byte[]> entries = Images.entries();
    entries.put(Images.bytes("a"), new byte[10]);
    BboltLayout layout =
        BboltLayout.plan(new SnapshotImage(List.of(Images.bucket("key", entries))));
    entries.put(Images.bytes("b"), new byte[5000]);
    BboltWriter writer = layout.writer();
    assertThrows(IllegalStateException.class, writer::next);
  }

  @Test
  void bucketsAreWrittenInTheOrderOfTheirNames() throws IOException {
    Path file = Files.createTempFile("order", ".db");
    Map<String, TreeMap<byte[], byte[]>> buckets =
        Map.of("b", Images.entries(), "a", Images.entries(), "ab", Images.entries());
    Files.write(file, Images.file(Images.of(buckets)));
    assertEquals(List.of("a", "ab", "b"), List.copyOf(Images.contents(file).keySet()));
    Files.delete(file);
  }

  private static void plan(byte[] key) {
    TreeMap<byte[], byte[]> entries = Images.entries();
    entries.put(key, new byte[1]);
    BboltLayout.plan(new SnapshotImage(List.of(Images.bucket("key", entries))));
  }
}
