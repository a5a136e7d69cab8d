package io.sampo.tests.compare;

import io.sampo.tests.compare.metrics.MetricsComparison;
import io.sampo.tests.process.ServerProgram;
import java.util.List;
import java.util.regex.Pattern;

/** The command {@code multi-node-tests/bin/compare}. */
public final class Compare {

  private static final String USAGE =
      "usage: compare [--etcd FILE] [--sampo FILE] [--seed N] [--only calls|auth|edge|metrics]"
          + " [--edge REGEX]";

  private Compare() {}

  /** Prints every difference; exit code 1 if one of them is not listed as known. */
  public static void main(String[] words) {
    ServerProgram sampo = ServerProgram.sampo();
    ServerProgram etcd = ServerProgram.etcdOfPath().orElse(null);
    long seed = 1;
    String only = "";
    Pattern edge = Pattern.compile("");
    for (int i = 0; i + 1 < words.length; i += 2) {
      switch (words[i]) {
        case "--etcd" -> etcd = new ServerProgram("etcd", List.of(words[i + 1]));
        case "--sampo" -> sampo = new ServerProgram("sampo", List.of(words[i + 1]));
        case "--seed" -> seed = Long.parseLong(words[i + 1]);
        case "--only" -> only = words[i + 1];
        case "--edge" -> edge = Pattern.compile(words[i + 1]);
        default -> fail("unknown option " + words[i]);
      }
    }
    if (words.length % 2 == 1 || etcd == null) {
      fail(words.length % 2 == 1 ? "bad options" : "no etcd in the PATH: use --etcd FILE");
    }
    boolean same = true;
    if (only.isEmpty() || only.equals("calls")) {
      same = report(Comparison.run(etcd, sampo, seed), "requests");
    }
    if (only.isEmpty() || only.equals("auth")) {
      same &= report(AuthSteps.compare(etcd, sampo, seed), "requests with users and roles");
    }
    if (only.isEmpty() || only.equals("edge")) {
      same &= report(EdgeComparison.run(etcd, sampo, edge), "conversations over raw sockets");
    }
    if (only.isEmpty() || only.equals("metrics")) {
      same &= report(MetricsComparison.run(etcd, sampo, seed), "metrics");
    }
    System.exit(same ? 0 : 1);
  }

  private static boolean report(Comparison comparison, String what) {
    comparison.differences().forEach(System.out::println);
    System.out.printf(
        "%d %s compared with etcd %s: %d known differences, %d others%n",
        comparison.steps(),
        what,
        comparison.etcdVersion(),
        comparison.differences().size() - comparison.unexplained().size(),
        comparison.unexplained().size());
    return comparison.unexplained().isEmpty();
  }

  private static void fail(String reason) {
    System.err.println(reason + "\n" + USAGE);
    System.exit(2);
  }
}
