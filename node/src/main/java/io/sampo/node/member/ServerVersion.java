package io.sampo.node.member;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of etcd's server or of a cluster; what stands behind the minor does not count here. */
public record ServerVersion(int major, int minor) implements Comparable<ServerVersion> {
  /** What this server is. */
  public static final ServerVersion OURS = new ServerVersion(3, 7);

  /** The oldest cluster that this server takes part in (etcd 3.7). */
  public static final ServerVersion OLDEST = new ServerVersion(3, 0);

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.\\d{1,9}([-+].*)?");

  private static final Comparator<ServerVersion> ORDER =
      Comparator.comparingInt(ServerVersion::major).thenComparingInt(ServerVersion::minor);

  /** Empty if the text is no version of three parts. */
  public static Optional<ServerVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new ServerVersion(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /**
   * Reads what a member answers to {@code /version}.
   *
   * @param field {@code etcdserver} or {@code etcdcluster}
   */
  public static Optional<ServerVersion> ofAnswer(byte[] json, String field) {
    try {
      JsonElement value =
          JsonParser.parseString(new String(json, StandardCharsets.UTF_8))
              .getAsJsonObject()
              .get(field);
      return value == null ? Optional.empty() : parse(value.getAsString());
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a member of this version may join a cluster of that one.
   *
   * @param downgrading whether that cluster is on its way to the version below its own
   */
  public boolean goesWithUs(boolean downgrading) {
    return downgrading
        ? equals(new ServerVersion(OURS.major, OURS.minor + 1))
        : compareTo(OLDEST) >= 0 && compareTo(OURS) <= 0;
  }

  ServerVersion oneMinorBelow() {
    return new ServerVersion(major, minor - 1);
  }

  @Override
  public int compareTo(ServerVersion other) {
    return ORDER.compare(this, other);
  }

  /** As the log carries it: {@code 3.7.0}. */
  @Override
  public String toString() {
    return major + "." + minor + ".0";
  }
}
