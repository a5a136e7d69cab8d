package io.sampo.tests.beside;

import io.sampo.tests.load.Reads;
import io.sampo.tests.process.ServerProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code multi-node-tests/bin/benchmark --beside}: what readers do to one client's puts. */
public final class Beside {

  private final BesideOptions options;
  private final Map<String, BesideCluster> clusters = new LinkedHashMap<>();

  private Beside(BesideOptions options) {
    this.options = options;
  }

  /** Measures and prints; exit code 2 for a bad command line. */
  public static void main(String[] words) throws IOException {
    BesideOptions options;
    try {
      options = BesideOptions.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(BesideOptions.USAGE);
      System.exit(2);
      return;
    }
    new Beside(options).run();
  }

  /** All clusters live side by side and are measured in turns, so that both see one machine. */
  private void run() throws IOException {
    BesideReport report = new BesideReport(System.out);
    try {
      for (ServerProgram program : options.programs) {
        load(program);
      }
      report.head();
      for (Reads reads : options.reads) {
        Map<String, List<BesideFigures>> figures = new LinkedHashMap<>();
        for (int round = 1; round <= options.rounds; round++) {
          for (Map.Entry<String, BesideCluster> each : clusters.entrySet()) {
            System.err.printf(
                "%s %d of %d: %s%n", reads.title(), round, options.rounds, each.getKey());
            figures
                .computeIfAbsent(each.getKey(), name -> new ArrayList<>())
                .add(each.getValue().measure(reads));
          }
        }
        report.rows(reads.title(), figures);
      }
      report.ratios();
    } finally {
      clusters.values().forEach(BesideCluster::close);
    }
  }

  private void load(ServerProgram program) throws IOException {
    BesideCluster cluster = new BesideCluster(options, program);
    clusters.put(program.name(), cluster);
    System.err.printf(
        Locale.ROOT,
        "%s: %d keys, %.0f a second%n",
        program.name(),
        options.listKeys,
        cluster.load());
    cluster.measure(Reads.NONE);
  }
}
