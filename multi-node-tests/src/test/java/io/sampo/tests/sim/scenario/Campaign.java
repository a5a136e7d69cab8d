package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.fault.Probes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Many histories, on as many threads as there are cores; each history stays on one. */
final class Campaign {
  private static final long PROGRESS_NANOS = 10_000_000_000L;

  private static final int USUAL_MEMBERS = 3;

  /** So many histories of a worker are not counted as warm. */
  private static final int WARM_UP = 300;

  private final Options options;
  private final Consumer<String> out;
  private final AtomicLong next;
  private final Probes probes = new Probes();
  private final List<Outcome> failures = new ArrayList<>();
  private final long beginNanos = System.nanoTime();
  private long progressNanos = beginNanos;
  private long histories;
  private double simulatedHours;
  private double cpuSeconds;
  private final SortedMap<Long, Long> hashes = new TreeMap<>();
  private double warmCpuSeconds;
  private long warmHistories;
  private long steps;
  private long calls;
  private long answers;
  private long faults;

  Campaign(Options options, Consumer<String> out) {
    this.options = options;
    this.out = out;
    this.next = new AtomicLong(options.from());
  }

  /** Whether all histories ran and nothing was found. */
  boolean run() throws InterruptedException, IOException {
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < options.workers(); i++) {
      Thread worker = new Thread(this::work, "worker-" + i);
      workers.add(worker);
      worker.start();
    }
    for (Thread worker : workers) {
      worker.join();
    }
    summary();
    if (options.hashes().isPresent()) {
      write(options.hashes().get());
    }
    return failures.isEmpty() && histories == options.seeds();
  }

  private void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    hashes.forEach((seed, hash) -> lines.add("%d %016x".formatted(seed, hash)));
    Files.write(file, lines);
  }

  private void work() {
    long end = options.from() + options.seeds();
    for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
      long before = cpuNanos();
      Outcome outcome = History.run(seed);
      add(outcome, cpuNanos() - before);
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private synchronized void add(Outcome outcome, long nanosOfProcessor) {
    cpuSeconds += nanosOfProcessor / 1e9;
    histories++;
    if (options.hashes().isPresent()) {
      hashes.put(outcome.seed(), outcome.traceHash());
    }
    if (outcome.members() == USUAL_MEMBERS && histories > WARM_UP * options.workers()) {
      warmCpuSeconds += nanosOfProcessor / 1e9;
      warmHistories++;
    }
    simulatedHours += outcome.simulatedNanos() / 3.6e12;
    steps += outcome.steps();
    calls += outcome.calls();
    answers += outcome.answers();
    faults += outcome.faults();
    probes.addAll(outcome.probes());
    if (outcome.failed()) {
      failures.add(outcome);
      out.accept(Report.of(outcome));
    }
    if (System.nanoTime() - progressNanos > PROGRESS_NANOS) {
      progressNanos = System.nanoTime();
      out.accept(progress());
    }
  }

  private String progress() {
    double seconds = (System.nanoTime() - beginNanos) / 1e9;
    return ("%d histories, %.1f a second on %d workers, %.1f in a second of one processor,"
            + " %.1f simulated hours, %d calls (%d answers judged), %d faults, %d steps,"
            + " %d with violations")
        .formatted(
            histories,
            histories / seconds,
            options.workers(),
            histories / cpuSeconds,
            simulatedHours,
            calls,
            answers,
            faults,
            steps,
            failures.size());
  }

  private void summary() {
    out.accept(progress());
    if (warmHistories > 0) {
      out.accept(
          "%d histories of three members after the warming up: %.1f in a second of one processor"
              .formatted(warmHistories, warmHistories / warmCpuSeconds));
    }
    probes.counts().forEach((path, count) -> out.accept("  %10d  %s".formatted(count, path)));
    if (!failures.isEmpty()) {
      out.accept("seeds with violations: " + failures.stream().map(Outcome::seed).toList());
    }
  }
}
