package io.sampo.tests.abuse;

import io.sampo.tests.process.ServerProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The command {@code multi-node-tests/bin/abuse}. */
public final class AbuseCommand {
  private static final Duration BEFORE = Duration.ofSeconds(2);
  private static final Duration AFTER = Duration.ofSeconds(3);

  private AbuseCommand() {}

  /** Each abuse with a new server of each program; exit code 2 for a bad command line. */
  public static void main(String[] words) throws IOException {
    List<Abuse> all = Abuses.full();
    AbuseOptions options;
    try {
      options = AbuseOptions.parse(all, words);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(AbuseOptions.usage(all));
      System.exit(2);
      return;
    }
    System.out.println(Table.head());
    for (Abuse abuse : options.abuses()) {
      for (ServerProgram program : options.programs()) {
        Outcome outcome = run(abuse, program);
        System.out.println(Table.row(outcome));
        if (outcome.log().largestStack() > 0) {
          System.err.println("stack trace of " + abuse.title() + ": " + outcome.log().stackBegin());
        }
      }
    }
  }

  private static Outcome run(Abuse abuse, ServerProgram program) throws IOException {
    try (AbusedServer server =
        AbusedServer.start(program, abuse.flags(), abuse.needsTls(), abuse.fileLimit())) {
      return server.suffer(abuse, BEFORE, AFTER);
    }
  }
}
