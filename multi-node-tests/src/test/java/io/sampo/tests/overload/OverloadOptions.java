package io.sampo.tests.overload;

import io.sampo.tests.process.ComparedPrograms;
import io.sampo.tests.process.ServerProgram;
import java.util.List;
import java.util.stream.Stream;

/** The command line of {@link Overload}. */
final class OverloadOptions {

  static final String USAGE =
      """
      usage: benchmark --overload SECONDS [option ...]
        --overload SECONDS  how long ten times the best number of clients are served (60)
      """
          + ComparedPrograms.USAGE
          + """
            --clients A,B,C     numbers of clients of which the best is found (100,300,1000)
            --connections N     connections the puts and the gets share, each (200)
            --members N         members of each cluster; clients are spread over all of them (3)
            --keys N            keys they choose from (100000)
            --value-bytes N     size of a value (256)
            --seconds N         length of a run of each of those numbers (10)
            --warmup N          seconds before each run that are not counted (3)
            --flags "A B"       more flags for all servers
          """;

  List<ServerProgram> programs = List.of();
  double overloadSeconds = 60;
  List<Integer> clients = List.of(100, 300, 1000);
  int connections = 200;
  int members = 3;
  int keys = 100_000;
  int valueBytes = 256;
  double seconds = 10;
  double warmupSeconds = 3;
  String[] flags = {};

  private OverloadOptions() {}

  /**
   * Reads the words of the command line.
   *
   * @throws IllegalArgumentException that names the word
   */
  static OverloadOptions parse(String[] words) {
    OverloadOptions options = new OverloadOptions();
    ComparedPrograms programs = new ComparedPrograms();
    programs.parse(words, options::set);
    options.programs = programs.list();
    return options;
  }

  private void set(String name, String value) {
    switch (name) {
      case "--overload" -> overloadSeconds = Double.parseDouble(value);
      case "--clients" -> clients = Stream.of(value.split(",")).map(Integer::valueOf).toList();
      case "--connections" -> connections = Integer.parseInt(value);
      case "--members" -> members = Integer.parseInt(value);
      case "--keys" -> keys = Integer.parseInt(value);
      case "--value-bytes" -> valueBytes = Integer.parseInt(value);
      case "--seconds" -> seconds = Double.parseDouble(value);
      case "--warmup" -> warmupSeconds = Double.parseDouble(value);
      case "--flags" -> flags = value.trim().split(" +");
      default -> throw new IllegalArgumentException("unknown option " + name);
    }
  }
}
