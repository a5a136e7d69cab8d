package io.sampo.node.state.mvcc;

import java.util.List;

/**
 * What a range found, as references to the shared versions.
 *
 * @param revision the newest revision of the view, which goes into the response's header
 * @param versions in the order of the response; empty if only the count was asked for
 * @param count how many keys the range has at the revision read, whatever limit and filters say
 * @param more whether the limit left keys out
 * @param part what of every version the response shows
 */
public record RangeResult(
    long revision, List<KeyVersion> versions, long count, boolean more, Part part) {

  /** What of a version is shown. */
  public enum Part {
    WHOLE,
    /** Without the value, as for keys only when sorted by value. */
    WITHOUT_VALUE,
    /** Without value and lease: etcd 3.7 answers keys only from its index, which has no leases. */
    INDEX_ONLY;

    /** The encoded KeyValue of the version with what this part shows; shared bytes if WHOLE. */
    public byte[] of(KeyVersion version) {
      return this == WHOLE ? version.encoded() : version.encodedWithoutValue(this == WITHOUT_VALUE);
    }

    /** How many bytes {@link #of} gives. */
    int size(KeyVersion version) {
      return this == WHOLE
          ? version.encoded().length
          : version.sizeWithoutValue(this == WITHOUT_VALUE);
    }
  }
}
