package io.sampo.persistence.snapshot;

import java.nio.file.Path;

/** A snapshot in the store, to be opened with {@link BboltReader#open}. */
public record StoredSnapshot(SnapshotId id, Path path) {}
