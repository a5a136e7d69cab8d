package io.sampo.tests.failover;

import io.sampo.tests.process.ServerProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command line of {@link Failover}. */
final class FailoverOptions {

  /** SIGKILL, SIGTERM, it is removed from its cluster, or all members are killed together. */
  enum End {
    KILL,
    TERM,
    REMOVE,
    KILL_ALL
  }

  static final String USAGE =
      """
      usage: failover [option ...]
        --etcd FILE      also measure this etcd, in turns
        --before FILE    also measure this launcher, as of the commit before
        --sampo FILE     another launcher than this checkout's
        --kills N        how often a leader ends, for each program (15)
        --signal NAME    KILL or TERM (KILL), or REMOVE: it is no member any more, each time in a new cluster,
                         or KILL-ALL: all members are killed together and started at once
        --flags "A B"    more flags for all members, such as "--heartbeat-interval=50 --election-timeout=500"
        --load N         so many processes beside that only compute (0)
        --clients N      so many clients beside that write, and connect again when that fails (0)
        --keys N         keys that are written before (0)
        --logs DIR       keep there what the members wrote (KILL-ALL)
      """;

  private final List<ServerProgram> programs = new ArrayList<>(List.of(ServerProgram.sampo()));
  private int kills = 15;
  private End end = End.KILL;
  private String[] flags = {};
  private int load;
  private int clients;
  private int keys;
  private Path logs;

  private FailoverOptions() {}

  /**
   * Reads the words of the command line.
   *
   * @throws IllegalArgumentException that names the word
   */
  static FailoverOptions parse(String[] words) {
    FailoverOptions options = new FailoverOptions();
    for (int i = 0; i < words.length; i += 2) {
      if (i + 1 == words.length) {
        throw new IllegalArgumentException("no value for " + words[i]);
      }
      options.set(words[i], words[i + 1]);
    }
    return options;
  }

  private void set(String name, String value) {
    switch (name) {
      case "--etcd" -> programs.add(new ServerProgram("etcd", List.of(value)));
      case "--before" -> programs.add(new ServerProgram("before", List.of(value)));
      case "--sampo" -> programs.set(0, new ServerProgram("sampo", List.of(value)));
      case "--kills" -> kills = Integer.parseInt(value);
      case "--signal" -> end = End.valueOf(value.replace('-', '_'));
      case "--flags" -> flags = value.trim().split(" +");
      case "--load" -> load = Integer.parseInt(value);
      case "--clients" -> clients = Integer.parseInt(value);
      case "--keys" -> keys = Integer.parseInt(value);
      case "--logs" -> logs = Path.of(value);
      default -> throw new IllegalArgumentException("unknown option " + name);
    }
  }

  List<ServerProgram> programs() {
    return List.copyOf(programs);
  }

  int kills() {
    return kills;
  }

  End end() {
    return end;
  }

  /** More flags of every member. */
  String[] flags() {
    return flags.clone();
  }

  /** Processes beside that only compute. */
  int load() {
    return load;
  }

  /** Clients beside that write. */
  int clients() {
    return clients;
  }

  /** Keys that are written before. */
  int keys() {
    return keys;
  }

  /** Where the members' logs are kept. */
  Optional<Path> logs() {
    return Optional.ofNullable(logs);
  }
}
