package io.sampo.tests.sim.fault;

import io.sampo.persistence.log.LogEventSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.jdk.javaapi.CollectionConverters;

/** A journal plugin of Pekko Persistence over a {@link SimDisk}; Pekko makes it by its name. */
public final class SimJournal extends AsyncWriteJournal {
  private final DiskSetup setup =
      context().system().settings().setup().get(DiskSetup.class).orElseThrow();
  private final SimDisk disk = setup.disk();
  private final LogEventSerializer serializer = new LogEventSerializer();

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> writes) {
    List<SimDisk.Stored> records = new ArrayList<>();
    for (AtomicWrite write : writes) {
      for (PersistentRepr event : CollectionConverters.asJava(write.payload())) {
        records.add(
            new SimDisk.Stored(
                event.sequenceNr(),
                serializer.manifest(event.payload()),
                serializer.toBinary(event.payload())));
      }
    }
    Promise<Iterable<Optional<Exception>>> promise = Futures.promise();
    disk.write(
        setup.process(),
        records,
        failure -> {
          if (failure == null) {
            promise.success(List.of());
          } else {
            promise.failure(failure);
          }
        });
    return promise.future();
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    try {
      disk.read(from, Math.min(to, disk.highest())).stream()
          .limit(max)
          .forEach(stored -> replay.accept(decode(persistenceId, stored)));
      return Futures.successful(null);
    } catch (RuntimeException damage) {
      return Futures.failed(damage);
    }
  }

  private PersistentRepr decode(String persistenceId, SimDisk.Stored stored) {
    try {
      Object event = serializer.fromBinary(stored.bytes(), stored.manifest());
      return PersistentRepr.apply(
          event, stored.sequence(), persistenceId, "", false, null, "writer");
    } catch (java.io.NotSerializableException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long to) {
    disk.delete(to);
    return Futures.successful(null);
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long from) {
    return Futures.successful(disk.highest());
  }
}
