package io.sampo.persistence.snapshot;

/**
 * A snapshot that has just become durable, and what it took.
 *
 * @param bytes length of the file, checksum included
 * @param fsyncNanos time spent waiting for the disk, directory included
 * @param totalNanos the whole of it, from planning to the last fsync
 */
public record SavedSnapshot(
    StoredSnapshot snapshot, long bytes, long fsyncNanos, long totalNanos) {}
