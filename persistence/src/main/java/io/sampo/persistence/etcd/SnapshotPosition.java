package io.sampo.persistence.etcd;

/** Up to which entry a snapshot goes; index 0 is the beginning of every log. */
public record SnapshotPosition(long term, long index) {}
