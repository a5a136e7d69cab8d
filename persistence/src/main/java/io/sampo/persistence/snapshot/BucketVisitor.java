package io.sampo.persistence.snapshot;

/** Sees the entries of one bucket in key order. */
@FunctionalInterface
public interface BucketVisitor {
  /** Takes one entry; both arrays are the visitor's to keep, and nobody may change them. */
  void accept(byte[] key, byte[] value);
}
