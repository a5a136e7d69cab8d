package io.sampo.node.state.mvcc;

import io.sampo.protocol.error.EtcdError;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The hash of the key space that members compare with each other.
 *
 * @param hash CRC-32C, unsigned in an int
 * @param compactRevision the compaction before it; −1 if there was none
 * @param revision the last revision it covers
 */
public record KeyHash(int hash, long compactRevision, long revision) {
  private static final byte[] BUCKET = "key".getBytes(StandardCharsets.UTF_8);

  /**
   * Hashes everything up to the revision; 0 means the newest. Equal to etcd's given the same
   * requests (etcd 3.7.1, mvcc/hash.go): versions from before the last compaction count only while
   * visible at the revision, a tombstone at the compaction's very revision does not count. A
   * negative revision is before everything and is echoed.
   *
   * @throws io.sampo.protocol.error.EtcdException COMPACTED or FUTURE_REVISION
   */
  public static KeyHash of(MvccView view, long requested) {
    long compacted = view.compactRevision();
    if (requested > 0 && requested < compacted) {
      throw EtcdError.COMPACTED.exception();
    }
    if (requested > view.revision()) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
    return compute(view, requested == 0 ? view.revision() : requested);
  }

  /**
   * The hash that a compaction at the revision stores, from the view before it. A compaction at 0
   * stores the hash of nothing.
   */
  public static KeyHash ofCompaction(MvccView before, long revision) {
    return compute(before, revision);
  }

  private static KeyHash compute(MvccView view, long revision) {
    long compacted = view.compactRevision();
    CRC32C crc = new CRC32C();
    crc.update(BUCKET);
    for (KeyVersion version : keptFromBefore(view, compacted, revision)) {
      update(crc, version);
    }
    RevisionHistory history = view.history();
    int end = history.positionOf(revision + 1);
    for (int i = history.positionOf(compacted + 1); i < end; i++) {
      update(crc, history.at(i));
    }
    return new KeyHash((int) crc.getValue(), compacted, revision);
  }

  /**
   * The versions at or below the compaction that count. Where no key at all is visible at the
   * revision, etcd takes its empty set of versions to keep for "there was no compaction" and hashes
   * whatever the compaction has left.
   */
  private static KeyVersion[] keptFromBefore(MvccView view, long compacted, long revision) {
    if (revision < compacted) {
      return new KeyVersion[0];
    }
    boolean[] anyVisible = {false};
    view.tree()
        .forEachWhile(
            key -> {
              KeyVersion version = key.at(revision);
              anyVisible[0] |= version != null && !version.isTombstone();
              return !anyVisible[0];
            });
    return StoredVersions.survivors(
        view, anyVisible[0] ? revision : compacted, version -> version.modRevision() <= compacted);
  }

  private static void update(CRC32C crc, KeyVersion version) {
    crc.update(RevisionBytes.of(version));
    crc.update(version.encoded());
  }
}
