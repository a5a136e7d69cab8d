package io.sampo.tests.benchmark;

import io.sampo.tests.load.KeyedRequests;
import io.sampo.tests.load.LoadResult;
import io.sampo.tests.load.LoadRun;
import io.sampo.tests.load.RequestSource;
import io.sampo.tests.load.StreamRequests;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ProcessFigures;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * One cluster, from empty directories through all lines to its end. What its processes take counts
 * together.
 */
final class ServerRound {

  private static final int PUTS_PER_TRANSACTION = 100;
  private static final int LOADERS = 16;
  private static final int PAGE = 500;
  private static final int STREAM_CLIENTS = 100;
  private static final long IDLE_MILLIS = 2_000;

  private final Options options;
  private final Figures figures;
  private final SplittableRandom random;
  private final ClusterUnderTest cluster;
  private final List<ProcessFigures> servers;
  private final ProcessFigures generatorProcess = new ProcessFigures(ProcessHandle.current().pid());

  private ServerRound(Options options, Figures figures, long seed, ClusterUnderTest cluster) {
    this.options = options;
    this.figures = figures;
    this.random = new SplittableRandom(seed);
    this.cluster = cluster;
    this.servers =
        cluster.members().stream().map(member -> new ProcessFigures(member.pid())).toList();
  }

  /** Starts the program, measures the lines asked for, ends it. */
  static void run(Options options, ServerProgram program, Figures figures, long seed)
      throws IOException, InterruptedException {
    if (options.wants(Line.COLD_CALLS)) {
      try (ClusterUnderTest cold =
          ClusterUnderTest.start(program, options.members, options.flags)) {
        new ColdCalls(options, cold).measure(figures);
      }
    }
    try (ClusterUnderTest cluster =
        ClusterUnderTest.start(program, options.members, options.flags)) {
      new ServerRound(options, figures, seed, cluster).measure();
    }
  }

  private void measure() throws IOException, InterruptedException {
    figures.add(Line.START, Metric.MILLIS, timeToReady().toMillis());
    if (options.wants(Line.IDLE)) {
      Thread.sleep(IDLE_MILLIS);
      memory(Line.IDLE);
    }
    if (options.wants(Line.COLD_PUT, Line.PUT_MANY, Line.PUT_ONE, Line.AFTER_PUTS)) {
      counted(Line.COLD_PUT, puts(), options.coldPuts);
    }
    if (options.wants(Line.GET_MANY, Line.GET_ONE)) {
      fillKeys();
    }
    timed(Line.PUT_MANY, puts(), options.clients);
    timed(Line.GET_MANY, gets(), options.clients);
    timed(Line.PUT_ONE, puts(), 1);
    timed(Line.GET_ONE, gets(), 1);
    memory(Line.AFTER_PUTS);
    if (options.wants(Line.LOAD, Line.LIST, Line.FULL)) {
      load();
      timed(Line.LIST, KeyedRequests.lists(pageStarts(), PAGE, options.valueBytes), 1);
      memory(Line.FULL);
    }
    if (options.wants(Line.KEEP_ALIVE, Line.KEEP_ALIVE_ONCE)) {
      grantLeases();
    }
    IntSupplier leases = () -> random.nextInt(STREAM_CLIENTS);
    timed(Line.KEEP_ALIVE, StreamRequests.keepAlives(leases, true), STREAM_CLIENTS);
    timed(Line.KEEP_ALIVE_ONCE, StreamRequests.keepAlives(leases, false), STREAM_CLIENTS);
    timed(Line.WATCH_CREATE, StreamRequests.watchCreates(this::anyKey), STREAM_CLIENTS);
  }

  private void grantLeases() {
    for (int lease = 0; lease < STREAM_CLIENTS; lease++) {
      String body = "{\"ID\":%d,\"TTL\":3600}".formatted(StreamRequests.FIRST_LEASE + lease);
      String url = cluster.members().get(0).url() + "/v3/lease/grant";
      if (Http.send("POST", url, body).status() != 200) {
        throw new IllegalStateException("no lease was granted");
      }
    }
  }

  /** Of the member that took longest. */
  private Duration timeToReady() {
    return cluster.members().stream()
        .map(ServerUnderTest::timeToReady)
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private double serverSeconds() throws IOException {
    double seconds = 0;
    for (ProcessFigures server : servers) {
      seconds += server.cpuSeconds();
    }
    return seconds;
  }

  private RequestSource puts() {
    return KeyedRequests.puts(this::anyKey, options.valueBytes);
  }

  private RequestSource gets() {
    return KeyedRequests.gets(this::anyKey, options.valueBytes);
  }

  private int anyKey() {
    return random.nextInt(options.keys);
  }

  private IntSupplier pageStarts() {
    return () -> random.nextInt(Math.max(1, options.listKeys - PAGE));
  }

  private static IntSupplier counter() {
    int[] next = {0};
    return () -> next[0]++;
  }

  /** Every key that a get may ask for exists. */
  private void fillKeys() throws IOException {
    transactions(options.keys);
  }

  private LoadResult transactions(int keys) throws IOException {
    RequestSource batches =
        KeyedRequests.batches(counter(), PUTS_PER_TRANSACTION, options.valueBytes);
    try (LoadRun run = new LoadRun(cluster.clientPorts(), LOADERS, LOADERS, batches)) {
      return run.runCount((keys + PUTS_PER_TRANSACTION - 1) / PUTS_PER_TRANSACTION);
    }
  }

  private void load() throws IOException {
    Cost cost = new Cost();
    LoadResult result = transactions(options.listKeys);
    figures.add(Line.LOAD, Metric.RATE, result.perSecond() * PUTS_PER_TRANSACTION);
    cost.add(Line.LOAD, options.listKeys);
  }

  private void counted(Line line, RequestSource requests, int count) throws IOException {
    try (LoadRun run =
        new LoadRun(cluster.clientPorts(), options.clients, options.connections, requests)) {
      Cost cost = new Cost();
      LoadResult result = run.runCount(count);
      add(line, result, cost);
    }
  }

  private void timed(Line line, RequestSource requests, int clients) throws IOException {
    if (!options.wants(line)) {
      return;
    }
    try (LoadRun run = new LoadRun(cluster.clientPorts(), clients, options.connections, requests)) {
      run.runFor(options.warmupSeconds);
      Cost cost = new Cost();
      add(line, run.runFor(options.seconds), cost);
    }
  }

  private void add(Line line, LoadResult result, Cost cost) throws IOException {
    figures.add(line, Metric.RATE, result.perSecond());
    figures.add(line, Metric.P50, result.quantileMillis(0.5));
    figures.add(line, Metric.P99, result.quantileMillis(0.99));
    cost.add(line, result.count());
  }

  private void memory(Line line) throws IOException {
    if (options.wants(line)) {
      double megabytes = 0;
      for (ProcessFigures server : servers) {
        megabytes += server.residentMegabytes();
      }
      figures.add(line, Metric.MEGABYTES, megabytes);
    }
  }

  /** Processor time from its creation on. */
  private final class Cost {
    private final double serverBefore = serverSeconds();
    private final double generatorBefore = generatorProcess.cpuSeconds();

    Cost() throws IOException {}

    void add(Line line, int requests) throws IOException {
      figures.add(line, Metric.SERVER_CPU, (serverSeconds() - serverBefore) * 1e6 / requests);
      figures.add(
          line,
          Metric.GENERATOR_CPU,
          (generatorProcess.cpuSeconds() - generatorBefore) * 1e6 / requests);
    }
  }
}
