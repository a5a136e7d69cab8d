/**
 * Snapshots of the state as bbolt files: a streaming writer, a reader that trusts no byte, and the
 * store that keeps them on disk. Knows nothing of Raft, keys or leases: a snapshot is named buckets
 * of sorted keys and values.
 */
package io.sampo.persistence.snapshot;
