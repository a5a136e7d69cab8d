package io.sampo.persistence.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.protocol.raftpb.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The {@code .snap} files: up to where the database goes, and, as JSON of the v2 store, who the
 * members are there. One that cannot be read is passed over, as etcd does.
 */
final class RaftSnapshots {
  private static final String SUFFIX = ".snap";

  private RaftSnapshots() {}

  /** The newest readable one that the log names too. */
  static Optional<Snapshot> newest(Path directory, List<SnapshotPosition> named)
      throws IOException {
    for (Path file : files(directory)) {
      Optional<Snapshot> snapshot = read(file).filter(it -> named.contains(position(it)));
      if (snapshot.isPresent()) {
        return snapshot;
      }
    }
    return Optional.empty();
  }

  /** Whether there is a file for it, readable or not. */
  static boolean exists(Path directory, SnapshotPosition position) {
    return Files.exists(
        directory.resolve("%016x-%016x%s".formatted(position.term(), position.index(), SUFFIX)));
  }

  static SnapshotPosition position(Snapshot snapshot) {
    return new SnapshotPosition(
        snapshot.getMetadata().getTerm(), snapshot.getMetadata().getIndex());
  }

  /** Their names are term and index, so the order of the names is theirs. */
  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()).reversed())
          .toList();
    }
  }

  /** Empty if the file is cut short, damaged or something else. */
  private static Optional<Snapshot> read(Path file) throws IOException {
    try {
      ByteString bytes = ByteString.copyFrom(Files.readAllBytes(file));
      io.sampo.protocol.snappb.Snapshot sealed = io.sampo.protocol.snappb.Snapshot.parseFrom(bytes);
      CRC32C crc = new CRC32C();
      crc.update(sealed.getData().asReadOnlyByteBuffer());
      return sealed.getData().isEmpty() || sealed.getCrc() != (int) crc.getValue()
          ? Optional.empty()
          : Optional.of(Snapshot.parseFrom(sealed.getData()));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
