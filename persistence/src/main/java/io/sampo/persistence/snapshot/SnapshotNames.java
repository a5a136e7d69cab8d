package io.sampo.persistence.snapshot;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * File names in the snapshot directory; term and index as 16 hexadecimal digits, as etcd names its
 * own.
 */
final class SnapshotNames {
  static final String TEMPORARY = ".tmp";
  static final String BROKEN = ".broken";

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.snap\\.db");

  private SnapshotNames() {}

  static String of(SnapshotId id) {
    return String.format("%016x-%016x.snap.db", id.term(), id.index());
  }

  static Optional<SnapshotId> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new SnapshotId(
                Long.parseUnsignedLong(matcher.group(1), 16),
                Long.parseUnsignedLong(matcher.group(2), 16)))
        : Optional.empty();
  }

  /** Whether a name is that of a snapshot whose writing did not come to its end. */
  static boolean isTemporary(String name) {
    return name.endsWith(TEMPORARY)
        && parse(name.substring(0, name.length() - TEMPORARY.length())).isPresent();
  }
}
