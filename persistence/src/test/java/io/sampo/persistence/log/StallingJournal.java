package io.sampo.persistence.log;

import com.typesafe.config.Config;
import java.util.concurrent.Semaphore;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.journal.leveldb.LeveldbJournal;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * The real plugin, behind a gate that keeps every write waiting as a disk that stands still does.
 */
@SuppressWarnings("deprecation")
public final class StallingJournal extends LeveldbJournal {
  /** One permit lets one write through. */
  static final Semaphore GATE = new Semaphore(0);

  /** One permit for each write that has come to the gate. */
  static final Semaphore WAITING = new Semaphore(0);

  /** Pekko makes it by its name. */
  public StallingJournal(Config config) {
    super(config);
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> writes) {
    WAITING.release();
    GATE.acquireUninterruptibly();
    return super.asyncWriteMessages(writes);
  }
}
