package io.sampo.tests.benchmark;

import io.sampo.tests.load.KeyedRequests;
import io.sampo.tests.load.LoadRun;
import io.sampo.tests.load.RequestSource;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.ProcessFigures;
import java.io.IOException;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The first calls of a node that has done nothing else: puts and gets in turns, over new
 * connections each turn. What counts is processor time, which a busy machine changes least.
 */
record ColdCalls(Options options, ClusterUnderTest cluster) {

  private static final int CLIENTS = 100;
  private static final int CONNECTIONS = 10;
  private static final int TURNS = 10;

  void measure(Figures figures) throws IOException {
    double before = seconds();
    int each = options.coldCalls / TURNS / 2;
    int[] next = {0};
    IntSupplier keys = () -> next[0]++ % each;
    long begin = System.nanoTime();
    for (int turn = 0; turn < TURNS; turn++) {
      run(KeyedRequests.puts(keys, options.valueBytes), each);
      run(KeyedRequests.gets(keys, options.valueBytes), each);
    }
    double elapsed = (System.nanoTime() - begin) / 1e9;
    double after = seconds();
    figures.add(Line.COLD_CALLS, Metric.RATE, options.coldCalls / elapsed);
    figures.add(Line.COLD_CALLS, Metric.SERVER_CPU, (after - before) * 1e6 / options.coldCalls);
    figures.add(Line.COLD_CALLS, Metric.SERVER_SECONDS, after);
  }

  private void run(RequestSource requests, int count) throws IOException {
    try (LoadRun run = new LoadRun(cluster.clientPorts(), CLIENTS, CONNECTIONS, requests)) {
      run.runCount(count);
    }
  }

  private double seconds() throws IOException {
    double seconds = 0;
    List<ProcessFigures> members =
        cluster.members().stream().map(member -> new ProcessFigures(member.pid())).toList();
    for (ProcessFigures member : members) {
      seconds += member.cpuSeconds();
    }
    return seconds;
  }
}
