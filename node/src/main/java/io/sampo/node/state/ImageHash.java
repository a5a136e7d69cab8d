package io.sampo.node.state;

import io.sampo.persistence.snapshot.Bucket;
import io.sampo.persistence.snapshot.SnapshotImage;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32C;

/** The hash of the whole database that Maintenance.Hash gives. */
public final class ImageHash {
  /** What members may differ in although their state is the same. */
  private static final Set<String> IGNORED_META =
      Set.of("consistent_index", "term", "storageVersion");

  private ImageHash() {}

  /** CRC-32C over every bucket's name and entries, in order; unsigned in an int. */
  public static int of(SnapshotImage image) {
    CRC32C crc = new CRC32C();
    for (Bucket bucket : image.buckets()) {
      boolean meta = bucket.name().equals("meta");
      crc.update(bucket.name().getBytes(StandardCharsets.UTF_8));
      bucket.forEach(
          (key, value) -> {
            if (!meta || !IGNORED_META.contains(new String(key, StandardCharsets.UTF_8))) {
              crc.update(key);
              crc.update(value);
            }
          });
    }
    return (int) crc.getValue();
  }
}
