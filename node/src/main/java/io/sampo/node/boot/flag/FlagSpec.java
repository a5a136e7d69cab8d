package io.sampo.node.boot.flag;

import java.util.Locale;

/**
 * One row of the {@link FlagTable}.
 *
 * @param name without dashes
 * @param type what values it takes
 * @param defaultText the default as it would be written on a command line
 * @param section the heading in {@code --help}
 * @param status whether Sampo does what the flag asks for
 * @param help one or two sentences
 * @param note for {@link Status#NO_EFFECT}: why
 */
public record FlagSpec(
    String name,
    FlagType type,
    String defaultText,
    String section,
    Status status,
    String help,
    String note) {

  /** Whether Sampo does what a flag asks for. */
  public enum Status {
    /** It does. */
    SUPPORTED,
    /** It tunes something that Sampo does not have: accepted, and said. */
    NO_EFFECT,
    /** It works, and etcd warns about it. */
    DEPRECATED,
    /** A name from etcd's past, accepted without a word. */
    IGNORED,
    /** No flag of etcd's, but a setting of its configuration file. */
    FILE_ONLY
  }

  /** {@code ETCD_} and the name in capitals, with underscores. */
  public String environmentVariable() {
    return "ETCD_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** True where the bare flag, without a value, means {@code true}. */
  public boolean isBool() {
    return type == FlagType.BOOL || type == FlagType.IGNORED;
  }
}
