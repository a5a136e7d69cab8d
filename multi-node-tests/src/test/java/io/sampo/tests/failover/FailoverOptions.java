package io.sampo.tests.failover;

import io.sampo.tests.process.ServerProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of {@link Failover}.
 *
 * @param end how the leader ends
 * @param flags more flags of every member
 */
record FailoverOptions(List<ServerProgram> programs, int kills, End end, String... flags) {

  /** SIGKILL, SIGTERM, or it is removed from its cluster. */
  enum End {
    KILL,
    TERM,
    REMOVE
  }

  static final String USAGE =
      """
      usage: failover [option ...]
        --etcd FILE      also measure this etcd, in turns
        --sampo FILE     another launcher than this checkout's
        --kills N        how often a leader ends, for each program (15)
        --signal NAME    KILL or TERM (KILL), or REMOVE: it is no member any more, each time in a new cluster
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
    End end = End.KILL;
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
        case "--signal" -> end = End.valueOf(value);
        case "--flags" -> flags = value.trim().split(" +");
        default -> throw new IllegalArgumentException("unknown option " + words[i]);
      }
    }
    return new FailoverOptions(List.copyOf(programs), kills, end, flags);
  }
}
