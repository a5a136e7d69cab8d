package io.sampo.persistence.etcd;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.protocol.raftpb.Entry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * etcd's write-ahead log, held as etcd holds it until closed: neither can have it while the other
 * does. Never written to.
 */
public final class Wal implements AutoCloseable {
  private final Path directory;
  private final List<WalSegment> segments;
  private final WalSummary summary;

  private Wal(Path directory, List<WalSegment> segments, WalSummary summary) {
    this.directory = directory;
    this.segments = segments;
    this.summary = summary;
  }

  /** Whether there is one, which is how etcd tells a member with data from a new one. */
  public static boolean exists(Path directory) throws IOException {
    return Files.isDirectory(directory) && !names(directory).isEmpty();
  }

  /**
   * Opens the log and reads through all of it once.
   *
   * @throws EtcdFormatException if it is damaged, lacks a segment or is in use
   * @throws IOException if it cannot be read
   */
  public static Wal open(Path directory) throws IOException {
    TreeMap<WalName, Path> names = names(directory);
    if (names.isEmpty()) {
      throw new EtcdFormatException(directory, "holds no log of etcd");
    }
    checkSequence(directory, names);
    List<WalSegment> segments = new ArrayList<>();
    try {
      for (Map.Entry<WalName, Path> file : names.entrySet()) {
        segments.add(segment(file.getKey(), file.getValue()));
      }
      return new Wal(directory, segments, WalScan.of(directory, segments));
    } catch (IOException | RuntimeException e) {
      try {
        closeAll(segments);
      } catch (IOException secondFailure) {
        e.addSuppressed(secondFailure);
      }
      throw e;
    }
  }

  public WalSummary summary() {
    return summary;
  }

  /** The files that are this log. */
  public List<Path> files() {
    return segments.stream().map(WalSegment::path).toList();
  }

  /**
   * Shows every entry after an index, one after another. Entries that were replaced later are left
   * out.
   *
   * @param index of a snapshot that the log names, or 0
   * @throws EtcdFormatException if an entry is missing or cannot be read
   */
  public void entriesAfter(long index, EntryVisitor visitor) throws IOException {
    LastingEntries lasting = new LastingEntries(index);
    everyEntryAfter(
        index,
        entry -> {
          if (entry.getIndex() > lasting.lastIndex() + 1) {
            throw new EtcdFormatException(
                directory,
                "the entries from %d to %d are missing"
                    .formatted(lasting.lastIndex() + 1, entry.getIndex() - 1));
          }
          lasting.written(entry.getIndex());
        });
    long[] ordinal = {0};
    everyEntryAfter(
        index,
        entry -> {
          if (lasting.contains(ordinal[0]++)) {
            visitor.accept(entry);
          }
        });
  }

  private void everyEntryAfter(long index, EntryVisitor visitor) throws IOException {
    WalReader reader = new WalReader(from(index));
    for (WalRecord record = reader.next(); record != null; record = reader.next()) {
      if (record.kind() == WalRecord.Kind.ENTRY) {
        Entry entry = entry(record);
        if (entry.getIndex() > index) {
          visitor.accept(entry);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    closeAll(segments);
  }

  /** From the last segment on that was begun before the entry. */
  private List<WalSegment> from(long index) throws IOException {
    for (int i = segments.size() - 1; i >= 0; i--) {
      if (Long.compareUnsigned(segments.get(i).name().index(), index) <= 0) {
        return segments.subList(i, segments.size());
      }
    }
    throw new EtcdFormatException(directory, "no segment reaches back to entry " + index);
  }

  private Entry entry(WalRecord record) throws IOException {
    CodedInputStream input = record.data().newCodedInput();
    input.enableAliasing(true);
    try {
      return Entry.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      throw new EtcdFormatException(directory, "an entry cannot be read");
    }
  }

  private static TreeMap<WalName, Path> names(Path directory) throws IOException {
    TreeMap<WalName, Path> names = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(
          file ->
              WalName.parse(file.getFileName().toString())
                  .ifPresent(name -> names.put(name, file)));
    }
    return names;
  }

  private static void checkSequence(Path directory, TreeMap<WalName, Path> names)
      throws EtcdFormatException {
    long expected = names.firstKey().sequence();
    for (WalName name : names.keySet()) {
      if (name.sequence() != expected) {
        throw new EtcdFormatException(
            directory, "the segment with number %x of the log is missing".formatted(expected));
      }
      expected++;
    }
  }

  private static WalSegment segment(WalName name, Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new EtcdFormatException(file, "is in use by another process: is etcd still running?");
      }
      return new WalSegment(file, name, channel);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new EtcdFormatException(file, "is in use by this process");
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void closeAll(List<WalSegment> segments) throws IOException {
    IOException failure = null;
    for (WalSegment segment : segments) {
      try {
        segment.channel().close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
