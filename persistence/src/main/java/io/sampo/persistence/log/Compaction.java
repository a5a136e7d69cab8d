package io.sampo.persistence.log;

import io.sampo.persistence.log.LogEvent.PrefixCompacted;

/** Decides how much of the log goes when a snapshot makes its beginning dispensable; pure. */
final class Compaction {
  private Compaction() {}

  /**
   * The event that drops what is neither after the snapshot nor within the bounds of the catch-up
   * tail.
   *
   * @throws IllegalArgumentException if the log does not hold the snapshot's entry
   */
  static PrefixCompacted plan(JournaledLog log, LogCommand.Compact command, LogSettings settings) {
    if (command.index() > log.lastIndex() || log.termAt(command.index()) != command.term()) {
      throw new IllegalArgumentException(
          "the log does not hold entry " + command.index() + " of term " + command.term());
    }
    long prefix = Math.max(log.prefixIndex(), command.index() - settings.catchUpEntries());
    prefix = Math.max(prefix, boundByBytes(log, command.index(), settings.catchUpBytes(), prefix));
    long number = log.lastEvent() + 1;
    return new PrefixCompacted(
        number,
        log.firstNeededEvent(prefix, number),
        log.hardState(),
        prefix,
        log.termAt(prefix),
        command.index(),
        command.membership(),
        log.lastIndex(),
        log.lastTerm());
  }

  /** The lowest index from which on the entries up to {@code end} fit in {@code bytes}. */
  private static long boundByBytes(JournaledLog log, long end, long bytes, long lowest) {
    long left = bytes;
    for (long index = end; index > lowest; index--) {
      left -= log.sizeAt(index);
      if (left < 0) {
        return index;
      }
    }
    return lowest;
  }
}
