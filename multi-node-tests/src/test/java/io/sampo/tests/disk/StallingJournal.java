package io.sampo.tests.disk;

import com.typesafe.config.Config;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.journal.leveldb.LeveldbJournal;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * The real journal plugin in a member's process, of which the test can have the writes stand still:
 * as long as a certain file is there.
 */
@SuppressWarnings("deprecation")
public final class StallingJournal extends LeveldbJournal {
  private static final String FILE = "STALLED";

  private final Path stalled;

  /** Pekko makes it by its name. */
  public StallingJournal(Config config) {
    super(config);
    stalled = Path.of(config.getString("dir")).resolveSibling(FILE);
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> writes) {
    while (Files.exists(stalled)) {
      Await.pause(java.time.Duration.ofMillis(5));
    }
    return super.asyncWriteMessages(writes);
  }

  /** Members with this journal: the node as it is, on the class path of the tests. */
  static ServerProgram members() {
    return new ServerProgram(
        "sampo on a disk that can stand still",
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-Dpekko.persistence.journal.leveldb.class=" + StallingJournal.class.getName(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "io.sampo.node.boot.Main"));
  }

  static void stall(ServerUnderTest member) {
    try {
      Files.createFile(file(member));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void goOn(ServerUnderTest member) {
    try {
      Files.delete(file(member));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(ServerUnderTest member) {
    return member.dataDirectory().resolve("member").resolve(FILE);
  }
}
