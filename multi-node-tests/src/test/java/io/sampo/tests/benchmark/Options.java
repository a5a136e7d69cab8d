package io.sampo.tests.benchmark;

import io.sampo.tests.process.ComparedPrograms;
import io.sampo.tests.process.ServerProgram;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The command line of the benchmark. */
final class Options {

  static final String USAGE =
      """
      usage: benchmark [--etcd FILE] [option ...]
      %s  --lines A,B         only these lines: %s
        --rounds N          rounds, each of both servers in turns (3)
        --seconds N         length of a timed run (5)
        --warmup N          seconds before each timed run that are not counted (2)
        --clients N         "many clients" (1000)
        --connections N     connections they share (100)
        --keys N            keys the puts and gets choose from (100000)
        --value-bytes N     size of a value (256)
        --cold-puts N       puts of the line cold-put (100000)
        --cold-calls N      calls of the line cold-calls (20000)
        --list-keys N       keys of the lines load, list and full (1000000)
        --members N         members of each cluster; clients are spread over all of them (1)
        --flags "A B"       more flags for both servers
        --beside A,B        in place of all that: puts beside readers; --beside ? says more
        --overload SECONDS  in place of all that: far too many clients; --overload ? says more
      """
          .formatted(ComparedPrograms.USAGE, Line.titles(EnumSet.allOf(Line.class)));

  List<ServerProgram> programs = List.of();
  Set<Line> lines = EnumSet.allOf(Line.class);
  int rounds = 3;
  double seconds = 5;
  double warmupSeconds = 2;
  int clients = 1000;
  int connections = 100;
  int keys = 100_000;
  int valueBytes = 256;
  int coldPuts = 100_000;
  int coldCalls = 20_000;
  int listKeys = 1_000_000;
  int members = 1;
  String[] flags = {};

  private final ComparedPrograms compared = new ComparedPrograms();

  private Options() {}

  /**
   * Reads the words of the command line.
   *
   * @throws IllegalArgumentException that names the word
   */
  static Options parse(String[] words) {
    Options options = new Options();
    options.compared.parse(words, options::set);
    options.programs = options.compared.list();
    return options;
  }

  private void set(String name, String value) {
    switch (name) {
      case "--lines" -> lines = lines(value);
      case "--rounds" -> rounds = Integer.parseInt(value);
      case "--seconds" -> seconds = Double.parseDouble(value);
      case "--warmup" -> warmupSeconds = Double.parseDouble(value);
      case "--clients" -> clients = Integer.parseInt(value);
      case "--connections" -> connections = Integer.parseInt(value);
      case "--keys" -> keys = Integer.parseInt(value);
      case "--value-bytes" -> valueBytes = Integer.parseInt(value);
      case "--cold-puts" -> coldPuts = Integer.parseInt(value);
      case "--cold-calls" -> coldCalls = Integer.parseInt(value);
      case "--list-keys" -> listKeys = Integer.parseInt(value);
      case "--members" -> members = Integer.parseInt(value);
      case "--flags" -> flags = value.trim().split(" +");
      default -> throw new IllegalArgumentException("unknown option " + name);
    }
  }

  private static Set<Line> lines(String titles) {
    Set<Line> lines = EnumSet.noneOf(Line.class);
    Arrays.stream(titles.split(",")).map(Line::of).forEach(lines::add);
    return lines;
  }

  /** What Sampo is compared with: {@code etcd} or {@code before}. */
  String other() {
    return compared.other();
  }

  /** Whether any of these lines was asked for. */
  boolean wants(Line... anyOf) {
    return Arrays.stream(anyOf).anyMatch(lines::contains);
  }
}
