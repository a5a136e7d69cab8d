package io.sampo.persistence.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.protocol.raftpb.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WalPropertiesTest {

  /** A log under elections: entries are written again in later terms, segments begin anywhere. */
  private static final class History {
    final WalWriter writer = new WalWriter();
    final List<Entry> log = new ArrayList<>();

    History(long seed, int steps) {
      Random random = new Random(seed);
      long term = 1;
      for (int step = 0; step < steps; step++) {
        int choice = random.nextInt(10);
        if (choice == 0) {
          writer.cut(log.size() + 1);
        } else if (choice == 1) {
          term++;
          writer.state(term, random.nextLong(), random.nextInt(log.size() + 1));
        } else if (choice == 2 && !log.isEmpty()) {
          term++;
          int kept = random.nextInt(log.size());
          log.subList(kept, log.size()).clear();
          append(random, term);
        } else {
          append(random, term);
        }
      }
    }

    private void append(Random random, long term) {
      writer.entry(term, log.size() + 1, "x".repeat(random.nextInt(1200)));
      log.add(Entry.newBuilder().setTerm(term).setIndex(log.size() + 1).build());
    }
  }

  @Property(tries = 100)
  void theLastWordOfEveryIndexCounts(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int steps) throws IOException {
    History history = new History(seed, steps);
    inDirectory(
        directory -> {
          // Fewer zeros than a length has would be a damaged length, to etcd too.
          history.writer.writeTo(directory, Long.BYTES * new Random(seed).nextInt(400));
          try (Wal wal = Wal.open(directory)) {
            assertEquals(terms(history.log), terms(read(wal)));
          }
        });
  }

  /** Whatever is done to one byte, what is read is a prefix of what was written, or nothing is. */
  @Property(tries = 200)
  void garbageIsRefusedOrCut(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int steps)
      throws IOException {
    History history = new History(seed, steps);
    inDirectory(
        directory -> {
          history.writer.writeTo(directory, 100);
          Random random = new Random(seed);
          int segment = random.nextInt(history.writer.segments());
          Path file = history.writer.file(directory, segment);
          byte[] bytes = Files.readAllBytes(file);
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
          Files.write(file, bytes);
          try (Wal wal = Wal.open(directory)) {
            assertEquals(WalWriter.MEMBER, wal.summary().memberId());
            read(wal);
          } catch (EtcdFormatException refused) {
            assertEquals(1, refused.getMessage().lines().count());
          }
        });
  }

  private static List<Entry> read(Wal wal) throws IOException {
    List<Entry> log = new ArrayList<>();
    wal.entriesAfter(
        0,
        entry -> {
          log.add(entry);
          assertEquals(log.size(), entry.getIndex());
        });
    return log;
  }

  private static List<Long> terms(List<Entry> log) {
    return log.stream().map(Entry::getTerm).toList();
  }

  private interface Body {
    void run(Path directory) throws IOException;
  }

  private static void inDirectory(Body body) throws IOException {
    Path directory = Files.createTempDirectory("wal");
    try {
      body.run(directory);
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }
}
