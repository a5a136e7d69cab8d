package io.sampo.tests.beside;

import io.sampo.tests.load.Reads;
import io.sampo.tests.process.ComparedPrograms;
import io.sampo.tests.process.ServerProgram;
import java.util.Arrays;
import java.util.List;

/** The command line of {@link Beside}. */
final class BesideOptions {

  static final String USAGE =
      """
      usage: benchmark --beside A,B [--etcd FILE] [option ...]
        --beside A,B        what the readers do: %s; or all
      %s  --members N         members of each cluster; all clients are the leader's (1)
        --readers N         clients that read (8)
        --list-keys N       keys that the store holds (500000)
        --value-bytes N     size of a value (256)
        --period N          milliseconds from put to put (5)
        --rounds N          of all servers in turns (1)
        --seconds N         length of a counted run (10)
        --warmup N          seconds before each of them that are not counted (3)
        --flags "A B"       more flags for all servers
      """
          .formatted(Reads.titles(), ComparedPrograms.USAGE);

  List<ServerProgram> programs = List.of();
  List<Reads> reads = List.of();
  int members = 1;
  int readers = 8;
  int listKeys = 500_000;
  int valueBytes = 256;
  double periodMillis = 5;
  int rounds = 1;
  double seconds = 10;
  double warmupSeconds = 3;
  String[] flags = {};

  private final ComparedPrograms compared = new ComparedPrograms();

  private BesideOptions() {}

  /**
   * Reads the words of the command line.
   *
   * @throws IllegalArgumentException that names the word
   */
  static BesideOptions parse(String[] words) {
    BesideOptions options = new BesideOptions();
    options.compared.parse(words, options::set);
    options.programs = options.compared.list();
    return options;
  }

  private void set(String name, String value) {
    switch (name) {
      case "--beside" -> reads = reads(value);
      case "--members" -> members = Integer.parseInt(value);
      case "--readers" -> readers = Integer.parseInt(value);
      case "--list-keys" -> listKeys = Integer.parseInt(value);
      case "--value-bytes" -> valueBytes = Integer.parseInt(value);
      case "--period" -> periodMillis = Double.parseDouble(value);
      case "--rounds" -> rounds = Integer.parseInt(value);
      case "--seconds" -> seconds = Double.parseDouble(value);
      case "--warmup" -> warmupSeconds = Double.parseDouble(value);
      case "--flags" -> flags = value.trim().split(" +");
      default -> throw new IllegalArgumentException("unknown option " + name);
    }
  }

  private static List<Reads> reads(String titles) {
    return titles.equals("all")
        ? List.of(Reads.values())
        : Arrays.stream(titles.split(",")).map(Reads::of).toList();
  }
}
