package io.sampo.node.logging;

import java.util.List;
import java.util.Optional;

/**
 * What the flags say about logging. What they leave out stays as {@code conf/logback.xml} has it.
 *
 * @param level {@code debug}, {@code info}, {@code warn}, {@code error}, {@code dpanic}, {@code
 *     panic} or {@code fatal}
 * @param format {@code json} or {@code console}
 * @param rotation of the output that is a file; there is one then
 * @param outputs {@code default} or {@code stderr}, {@code stdout}, and names of files that are
 *     appended to
 */
public record LoggingSettings(
    Optional<String> level,
    Optional<String> format,
    Optional<List<String>> outputs,
    Optional<LogRotation> rotation) {

  /** Nothing but what {@code conf/logback.xml} says. */
  public static final LoggingSettings UNCHANGED =
      new LoggingSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
