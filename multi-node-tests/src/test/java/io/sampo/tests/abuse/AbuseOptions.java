package io.sampo.tests.abuse;

import io.sampo.tests.process.ServerProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of the abuses. */
final class AbuseOptions {
  private final List<Abuse> all;
  private List<Abuse> chosen;
  private ServerProgram sampo = ServerProgram.sampo();
  private ServerProgram etcd = ServerProgram.etcdOfPath().orElse(null);
  private String only = "";

  private AbuseOptions(List<Abuse> all) {
    this.all = all;
    this.chosen = all;
  }

  /**
   * Reads the words of the command line.
   *
   * @throws IllegalArgumentException that names the word
   */
  static AbuseOptions parse(List<Abuse> all, String[] words) {
    AbuseOptions options = new AbuseOptions(all);
    for (int i = 0; i < words.length; i += 2) {
      if (i + 1 == words.length) {
        throw new IllegalArgumentException("no value for " + words[i]);
      }
      options.set(words[i], words[i + 1]);
    }
    if (options.etcd == null && !options.only.equals("sampo")) {
      throw new IllegalArgumentException("no etcd in the PATH: use --etcd FILE or --only sampo");
    }
    return options;
  }

  static String usage(List<Abuse> all) {
    return """
    usage: abuse [--etcd FILE] [option ...]
      --etcd FILE    the etcd to begin with (default: the one in the PATH)
      --sampo FILE   another launcher than this checkout's
      --only NAME    only sampo or only etcd
      --abuses A,B   only these of:
    """
        + all.stream()
            .map(each -> "    %-24s %s%n".formatted(each.title(), each.what()))
            .collect(Collectors.joining());
  }

  private void set(String name, String value) {
    switch (name) {
      case "--etcd" -> etcd = new ServerProgram("etcd", List.of(value));
      case "--sampo" -> sampo = new ServerProgram("sampo", List.of(value));
      case "--only" -> only = value;
      case "--abuses" -> chosen = Arrays.stream(value.split(",")).map(this::named).toList();
      default -> throw new IllegalArgumentException("unknown option " + name);
    }
  }

  private Abuse named(String title) {
    return all.stream()
        .filter(each -> each.title().equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such abuse: " + title));
  }

  List<Abuse> abuses() {
    return chosen;
  }

  /** etcd first. */
  List<ServerProgram> programs() {
    List<ServerProgram> programs = new ArrayList<>();
    if (!only.equals("sampo")) {
      programs.add(etcd);
    }
    if (!only.equals("etcd")) {
      programs.add(sampo);
    }
    return programs;
  }
}
