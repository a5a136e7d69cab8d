package io.sampo.tests.beside;

import io.sampo.tests.load.KeyedRequests;
import io.sampo.tests.load.LoadRun;
import io.sampo.tests.load.PacedPuts;
import io.sampo.tests.load.Readers;
import io.sampo.tests.load.Reads;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ProcessFigures;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/** A cluster of one program, with its keys; lives through all rounds. */
final class BesideCluster implements AutoCloseable {

  private static final int PUTS_PER_TRANSACTION = 100;
  private static final int LOADERS = 32;
  private static final Duration REST = Duration.ofSeconds(2);
  private static final String CHANGES = "etcd_server_leader_changes_seen_total ";

  private final BesideOptions options;
  private final ClusterUnderTest cluster;
  private final SplittableRandom random = new SplittableRandom(1);

  /** Starts it. */
  BesideCluster(BesideOptions options, ServerProgram program) {
    this.options = options;
    this.cluster = ClusterUnderTest.start(program, options.members, options.flags);
  }

  /** Writes all keys; returns how many a second. */
  double load() throws IOException {
    int[] next = {0};
    KeyedRequests batches =
        KeyedRequests.batches(() -> next[0]++, PUTS_PER_TRANSACTION, options.valueBytes);
    List<Integer> leader = List.of(cluster.leader().clientPort());
    try (LoadRun run = new LoadRun(leader, LOADERS, LOADERS, batches)) {
      int transactions = (options.listKeys + PUTS_PER_TRANSACTION - 1) / PUTS_PER_TRANSACTION;
      return run.runCount(transactions).perSecond() * PUTS_PER_TRANSACTION;
    }
  }

  /** Processor times and what was read, at one moment. */
  private record Moment(double leaderSeconds, double allSeconds, Readers.Progress read) {}

  /** Measures the puts beside those reads, after a rest. */
  BesideFigures measure(Reads reads) throws IOException {
    Await.pause(REST);
    ServerUnderTest leader = cluster.leader();
    long changesBefore = leaderChanges();
    figures(leader).forgetPeak();
    AtomicReference<Moment> begin = new AtomicReference<>();
    AtomicReference<Moment> end = new AtomicReference<>();
    Readers readers = new Readers(leader.clientPort(), options.readers, reads, options.listKeys);
    PacedPuts.Result puts;
    try (readers) {
      puts =
          puts()
              .run(
                  leader.clientPort(),
                  options.warmupSeconds,
                  options.seconds,
                  () -> begin.set(moment(leader, readers)),
                  () -> end.set(moment(leader, readers)));
    }
    double peak = figures(leader).peakMegabytes();
    return figures(puts, begin.get(), end.get(), leaderChanges() - changesBefore, readers, peak);
  }

  private PacedPuts puts() {
    return new PacedPuts(
        KeyedRequests.puts(() -> random.nextInt(options.listKeys), options.valueBytes),
        options.periodMillis);
  }

  private BesideFigures figures(
      PacedPuts.Result puts,
      Moment begin,
      Moment end,
      long leaderChanges,
      Readers readers,
      double peakMegabytes) {
    Readers.Progress before = begin.read;
    Readers.Progress after = end.read;
    return new BesideFigures(
        puts,
        leaderChanges,
        (after.bytes() - before.bytes()) / 1e6 / options.seconds,
        (after.reads() - before.reads()) / options.seconds,
        readers.errors(),
        (end.leaderSeconds - begin.leaderSeconds) / options.seconds,
        (end.allSeconds - begin.allSeconds) / options.seconds,
        (after.cpuSeconds() - before.cpuSeconds()) / options.seconds,
        peakMegabytes);
  }

  private Moment moment(ServerUnderTest leader, Readers readers) {
    try {
      double all = 0;
      for (ServerUnderTest member : cluster.members()) {
        all += figures(member).cpuSeconds();
      }
      return new Moment(figures(leader).cpuSeconds(), all, readers.progress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessFigures figures(ServerUnderTest member) {
    return new ProcessFigures(member.pid());
  }

  private long leaderChanges() {
    return cluster.members().stream()
        .map(member -> Http.tryGet(member.url() + "/metrics").orElseThrow().body())
        .flatMap(String::lines)
        .filter(line -> line.startsWith(CHANGES))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(CHANGES.length())))
        .sum();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
