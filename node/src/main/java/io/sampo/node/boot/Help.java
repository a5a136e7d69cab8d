package io.sampo.node.boot;

import io.sampo.node.boot.flag.FlagSpec;
import io.sampo.node.boot.flag.FlagTable;

/** The text of {@code --help}, made of the {@link FlagTable}. */
public final class Help {
  private static final String USAGE =
      """
      Usage:

        sampo [flags]
          Start a node. Every flag can be given as --name=value, --name value or -name value, and as
          a variable ETCD_NAME, in capitals and with underscores.

        sampo --config-file FILE
          Start a node from a YAML or JSON file whose keys are the names of flags. All other flags
          and variables are ignored then; durations in the file are whole nanoseconds.

        sampo --version
          Print the version of etcd that this node stands in for.
      """;

  private Help() {}

  public static String text() {
    StringBuilder out = new StringBuilder(USAGE);
    String section = "";
    for (FlagSpec spec : FlagTable.etcd().all()) {
      if (spec.section().equals("hidden")) {
        continue;
      }
      if (!spec.section().equals(section)) {
        section = spec.section();
        out.append('\n').append(section).append(":\n");
      }
      out.append("  --").append(spec.name()).append(" '").append(spec.defaultText()).append("'\n");
      out.append("    ").append(spec.help()).append(remark(spec)).append('\n');
    }
    return out.toString();
  }

  private static String remark(FlagSpec spec) {
    return switch (spec.status()) {
      case NO_EFFECT -> " No effect: " + spec.note() + ".";
      case DEPRECATED -> " Deprecated.";
      case SUPPORTED, IGNORED, FILE_ONLY -> "";
    };
  }
}
