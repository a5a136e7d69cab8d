package io.sampo.persistence.etcd;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a segment: its number, and the index of the first entry that was written after it was
 * begun; 16 hexadecimal digits each, both unsigned.
 */
record WalName(long sequence, long index) implements Comparable<WalName> {
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.wal");
  private static final Comparator<WalName> ORDER =
      Comparator.comparing(WalName::sequence, Long::compareUnsigned)
          .thenComparing(WalName::index, Long::compareUnsigned);

  /** Empty for every other file; etcd passes over those too. */
  static Optional<WalName> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new WalName(
                Long.parseUnsignedLong(matcher.group(1), 16),
                Long.parseUnsignedLong(matcher.group(2), 16)))
        : Optional.empty();
  }

  @Override
  public int compareTo(WalName other) {
    return ORDER.compare(this, other);
  }
}
