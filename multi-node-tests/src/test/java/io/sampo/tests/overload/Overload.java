package io.sampo.tests.overload;

import io.sampo.tests.process.ServerProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** {@code multi-node-tests/bin/benchmark --overload}: ten times the clients that can be served. */
public final class Overload {

  private static final int FACTOR = 10;

  private final OverloadOptions options;

  private Overload(OverloadOptions options) {
    this.options = options;
  }

  /** Measures and prints; exit code 2 for a bad command line. */
  public static void main(String[] words) throws IOException, InterruptedException {
    OverloadOptions options;
    try {
      options = OverloadOptions.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(OverloadOptions.USAGE);
      System.exit(2);
      return;
    }
    new Overload(options).run();
  }

  private void run() throws IOException, InterruptedException {
    System.out.println(
        "| server | clients | answers/s | of the best | refused/s | puts p50 ms | p99 | gets p50 ms"
            + " | p99 | leader changes | heartbeats late | largest member's peak MB |");
    System.out.println("|---".repeat(12) + "|");
    for (ServerProgram program : options.programs) {
      try (OverloadCluster cluster = new OverloadCluster(options, program)) {
        measure(program.name(), cluster);
      }
    }
  }

  private void measure(String server, OverloadCluster cluster)
      throws IOException, InterruptedException {
    List<OverloadFigures> all = new ArrayList<>();
    cluster.measure(options.clients.get(0), options.seconds); // its code gets compiled
    for (int clients : options.clients) {
      System.err.printf("%s: %d clients%n", server, clients);
      all.add(cluster.measure(clients, options.seconds));
    }
    OverloadFigures best =
        all.stream().max(Comparator.comparingDouble(OverloadFigures::perSecond)).orElseThrow();
    int many = FACTOR * best.clients();
    System.err.printf("%s: %d clients%n", server, many);
    all.add(cluster.measure(many, options.overloadSeconds));
    all.forEach(figures -> print(server, figures, best.perSecond()));
  }

  private static void print(String server, OverloadFigures figures, double best) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.0f | %.2f | %.0f | %.1f | %.0f | %.1f | %.0f | %d | %d | %.0f |%n",
        server,
        figures.clients(),
        figures.perSecond(),
        figures.perSecond() / best,
        figures.refusedPerSecond(),
        figures.puts().quantileMillis(0.5),
        figures.puts().quantileMillis(0.99),
        figures.gets().quantileMillis(0.5),
        figures.gets().quantileMillis(0.99),
        figures.leaderChanges(),
        figures.heartbeatFailures(),
        figures.peakMegabytes());
  }
}
