package io.sampo.tests.overload;

import io.sampo.tests.load.KeyedRequests;
import io.sampo.tests.load.LoadResult;
import io.sampo.tests.load.LoadRun;
import io.sampo.tests.load.RequestSource;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ProcessFigures;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A cluster whose clients put and get, half of them each, over all members. */
final class OverloadCluster implements AutoCloseable {

  private static final String LEADER_CHANGES = "etcd_server_leader_changes_seen_total ";
  private static final String HEARTBEAT_FAILURES = "etcd_server_heartbeat_send_failures_total ";
  private static final int PUTS_PER_TRANSACTION = 100;
  private static final int LOADERS = 32;

  private final OverloadOptions options;
  private final ClusterUnderTest cluster;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  /** Starts it and writes every key. */
  OverloadCluster(OverloadOptions options, ServerProgram program) throws IOException {
    this.options = options;
    this.cluster = ClusterUnderTest.start(program, options.members, options.flags);
    int[] next = {0};
    KeyedRequests batches =
        KeyedRequests.batches(() -> next[0]++, PUTS_PER_TRANSACTION, options.valueBytes);
    try (LoadRun run = new LoadRun(cluster.clientPorts(), LOADERS, LOADERS, batches)) {
      run.runCount((options.keys + PUTS_PER_TRANSACTION - 1) / PUTS_PER_TRANSACTION);
    }
  }

  /** Serves so many clients for so long. */
  OverloadFigures measure(int clients, double seconds) throws IOException, InterruptedException {
    long changes = sum(LEADER_CHANGES);
    long late = sum(HEARTBEAT_FAILURES);
    for (ServerUnderTest member : cluster.members()) {
      new ProcessFigures(member.pid()).forgetPeak();
    }
    SplittableRandom random = new SplittableRandom(1);
    SplittableRandom other = new SplittableRandom(2);
    Future<LoadResult> puts =
        threads.submit(
            half(
                clients,
                seconds,
                KeyedRequests.puts(() -> random.nextInt(options.keys), options.valueBytes)));
    Future<LoadResult> gets =
        threads.submit(
            half(
                clients,
                seconds,
                KeyedRequests.gets(() -> other.nextInt(options.keys), options.valueBytes)));
    LoadResult put = result(puts);
    LoadResult got = result(gets);
    double peak = 0;
    for (ServerUnderTest member : cluster.members()) {
      peak = Math.max(peak, new ProcessFigures(member.pid()).peakMegabytes());
    }
    return new OverloadFigures(
        clients, put, got, sum(LEADER_CHANGES) - changes, sum(HEARTBEAT_FAILURES) - late, peak);
  }

  private Callable<LoadResult> half(int clients, double seconds, RequestSource requests) {
    return () -> {
      try (LoadRun run =
          new LoadRun(
              cluster.clientPorts(),
              Math.max(1, clients / 2),
              options.connections,
              requests,
              LoadRun.Refusals.PAUSE)) {
        run.runFor(options.warmupSeconds);
        return run.runFor(seconds);
      }
    };
  }

  private static LoadResult result(Future<LoadResult> run) throws InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the clients have failed", e.getCause());
    }
  }

  private long sum(String metric) {
    return cluster.members().stream()
        .map(member -> Http.tryGet(member.url() + "/metrics").orElseThrow().body())
        .flatMap(String::lines)
        .filter(line -> line.startsWith(metric))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(metric.length())))
        .sum();
  }

  @Override
  public void close() {
    threads.shutdown();
    cluster.close();
  }
}
