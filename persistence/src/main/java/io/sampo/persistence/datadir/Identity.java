package io.sampo.persistence.datadir;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose data it is. Both ids are unsigned, as etcd computes them, and are written in etcd's
 * hexadecimal form.
 */
public record Identity(long memberId, long clusterId) {
  private static final Pattern FORM =
      Pattern.compile("member-id ([0-9a-f]{1,16})\ncluster-id ([0-9a-f]{1,16})\n");

  @Override
  public String toString() {
    return "member " + Long.toHexString(memberId) + " of cluster " + Long.toHexString(clusterId);
  }

  String encoded() {
    return "member-id "
        + Long.toHexString(memberId)
        + "\ncluster-id "
        + Long.toHexString(clusterId)
        + "\n";
  }

  /** Null if the text has another form. */
  static Identity decoded(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    return new Identity(
        Long.parseUnsignedLong(matcher.group(1), 16), Long.parseUnsignedLong(matcher.group(2), 16));
  }
}
