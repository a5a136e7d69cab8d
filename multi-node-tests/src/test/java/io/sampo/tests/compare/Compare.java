package io.sampo.tests.compare;

import io.sampo.tests.process.ServerProgram;
import java.util.List;

/** The command {@code multi-node-tests/bin/compare}. */
public final class Compare {

  private static final String USAGE = "usage: compare [--etcd FILE] [--sampo FILE] [--seed N]";

  private Compare() {}

  /** Prints every difference; exit code 1 if one of them is not listed as known. */
  public static void main(String[] words) {
    ServerProgram sampo = ServerProgram.sampo();
    ServerProgram etcd = ServerProgram.etcdOfPath().orElse(null);
    long seed = 1;
    for (int i = 0; i + 1 < words.length; i += 2) {
      switch (words[i]) {
        case "--etcd" -> etcd = new ServerProgram("etcd", List.of(words[i + 1]));
        case "--sampo" -> sampo = new ServerProgram("sampo", List.of(words[i + 1]));
        case "--seed" -> seed = Long.parseLong(words[i + 1]);
        default -> fail("unknown option " + words[i]);
      }
    }
    if (words.length % 2 == 1 || etcd == null) {
      fail(words.length % 2 == 1 ? "bad options" : "no etcd in the PATH: use --etcd FILE");
    }
    Comparison comparison = Comparison.run(etcd, sampo, seed);
    comparison.differences().forEach(System.out::println);
    System.out.printf(
        "%d requests compared with etcd %s: %d known differences, %d others%n",
        comparison.steps(),
        comparison.etcdVersion(),
        comparison.differences().size() - comparison.unexplained().size(),
        comparison.unexplained().size());
    System.exit(comparison.unexplained().isEmpty() ? 0 : 1);
  }

  private static void fail(String reason) {
    System.err.println(reason + "\n" + USAGE);
    System.exit(2);
  }
}
