package io.sampo.tests.benchmark;

import io.sampo.tests.beside.Beside;
import io.sampo.tests.load.KeyedRequests;
import io.sampo.tests.load.LoadRun;
import io.sampo.tests.overload.Overload;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.ServerProgram;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command {@code multi-node-tests/bin/benchmark}. */
public final class Benchmark {

  private static final int GENERATOR_WARMUP_SECONDS = 3;

  private Benchmark() {}

  /** Measures and prints; exit code 2 for a bad command line. */
  public static void main(String[] words) throws IOException, InterruptedException {
    if (List.of(words).contains("--beside")) {
      Beside.main(words);
      return;
    }
    if (List.of(words).contains("--overload")) {
      Overload.main(words);
      return;
    }
    Options options;
    try {
      options = Options.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Options.USAGE);
      System.exit(2);
      return;
    }
    run(options);
  }

  private static void run(Options options) throws IOException, InterruptedException {
    Map<ServerProgram, Figures> figures = new LinkedHashMap<>();
    options.programs.forEach(program -> figures.put(program, new Figures()));
    for (ServerProgram program : options.programs) {
      warmUp(options, program);
    }
    for (int round = 1; round <= options.rounds; round++) {
      for (ServerProgram program : options.programs) {
        System.err.printf("round %d of %d: %s%n", round, options.rounds, program.name());
        ServerRound.run(options, program, figures.get(program), round);
      }
    }
    new Report(options, figures).print(System.out);
  }

  /**
   * The generator's own code gets compiled, and a server makes what it makes at its first start.
   */
  private static void warmUp(Options options, ServerProgram program) throws IOException {
    System.err.println("warming up the generator: " + program.name());
    try (ClusterUnderTest cluster =
            ClusterUnderTest.start(program, options.members, options.flags);
        LoadRun puts =
            new LoadRun(
                cluster.clientPorts(), 100, 100, KeyedRequests.puts(() -> 1, options.valueBytes))) {
      puts.runFor(GENERATOR_WARMUP_SECONDS);
    }
  }
}
