package io.sampo.tests.failover;

import io.sampo.tests.process.ServerProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of {@link Failover}.
 *
 * @param kill SIGKILL, else SIGTERM
 * @param flags more flags of every member
 */
record FailoverOptions(List<ServerProgram> programs, int kills, boolean kill, String... flags) {

  static final String USAGE =
      """
      usage: failover [option ...]
        --etcd FILE      also measure this etcd, in turns
        --sampo FILE     another launcher than this checkout's
        --kills N        how often a leader ends, for each program (15)
        --signal NAME    KILL or TERM (KILL)
        --flags "A B"    more flags for all members, such as "--heartbeat-interval=50 --election-timeout=500"
      """;

  /**
   * Reads the words of the command line.
   *
   * @throws IllegalArgumentException that names the word
   */
  static FailoverOptions parse(String[] words) {
    List<ServerProgram> programs = new ArrayList<>();
    programs.add(ServerProgram.sampo());
    int kills = 15;
    boolean kill = true;
    String[] flags = {};
    for (int i = 0; i < words.length; i += 2) {
      if (i + 1 == words.length) {
        throw new IllegalArgumentException("no value for " + words[i]);
      }
      String value = words[i + 1];
      switch (words[i]) {
        case "--etcd" -> programs.add(new ServerProgram("etcd", List.of(value)));
        case "--sampo" -> programs.set(0, new ServerProgram("sampo", List.of(value)));
        case "--kills" -> kills = Integer.parseInt(value);
        case "--signal" -> kill = isKill(value);
        case "--flags" -> flags = value.trim().split(" +");
        default -> throw new IllegalArgumentException("unknown option " + words[i]);
      }
    }
    return new FailoverOptions(List.copyOf(programs), kills, kill, flags);
  }

  private static boolean isKill(String name) {
    return switch (name) {
      case "KILL" -> true;
      case "TERM" -> false;
      default -> throw new IllegalArgumentException("neither KILL nor TERM: " + name);
    };
  }
}
