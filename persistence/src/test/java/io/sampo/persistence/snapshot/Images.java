package io.sampo.persistence.snapshot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Images for tests, and plain maps to compare them by. */
final class Images {
  private Images() {}

  static SnapshotImage of(Map<String, TreeMap<byte[], byte[]>> buckets) {
    return new SnapshotImage(
        buckets.entrySet().stream().map(b -> bucket(b.getKey(), b.getValue())).toList());
  }

  static Bucket bucket(String name, TreeMap<byte[], byte[]> entries) {
    return new Bucket() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void forEach(BucketVisitor visitor) {
        entries.forEach(visitor::accept);
      }
    };
  }

  static TreeMap<byte[], byte[]> entries() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  /** Two buckets: one of many entries of a size, one with a single entry. */
  static SnapshotImage sample(int count, int valueBytes, long seed) {
    Random random = new Random(seed);
    TreeMap<byte[], byte[]> many = entries();
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[valueBytes];
      random.nextBytes(value);
      many.put(bytes(String.format("key%08d", i)), value);
    }
    TreeMap<byte[], byte[]> one = entries();
    one.put(bytes("consistent_index"), new byte[8]);
    return new SnapshotImage(List.of(bucket("key", many), bucket("meta", one)));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] file(SnapshotImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      BboltLayout.plan(image).writeTo(Channels.newChannel(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Everything in a file, as hexadecimal text by bucket. */
  static Map<String, Map<String, String>> contents(Path file) throws IOException {
    return contents(file, PageFile.WINDOW_SHIFT);
  }

  static Map<String, Map<String, String>> contents(Path file, int windowShift) throws IOException {
    Map<String, Map<String, String>> buckets = new LinkedHashMap<>();
    try (BboltReader reader = BboltReader.open(file, windowShift)) {
      for (String name : reader.bucketNames()) {
        Map<String, String> entries = new LinkedHashMap<>();
        reader.forEach(name, (key, value) -> entries.put(hex(key), hex(value)));
        buckets.put(name, entries);
      }
    }
    return buckets;
  }

  static Map<String, Map<String, String>> contents(SnapshotImage image) {
    Map<String, Map<String, String>> buckets = new LinkedHashMap<>();
    for (Bucket bucket : image.buckets()) {
      Map<String, String> entries = new LinkedHashMap<>();
      bucket.forEach((key, value) -> entries.put(hex(key), hex(value)));
      buckets.put(bucket.name(), entries);
    }
    return buckets;
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
