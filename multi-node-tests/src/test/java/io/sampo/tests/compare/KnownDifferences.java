package io.sampo.tests.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** The list in {@code known-differences.txt}: which etcd, which step, why. */
public final class KnownDifferences {

  private static final String FILE = "/known-differences.txt";

  private static final String BETWEEN = " :: ";
  private static final int COLUMNS = 3;
  private static final String CRASHES = "crashes: ";

  private record Entry(Pattern version, Pattern step, String reason) {}

  private final List<Entry> entries;

  private KnownDifferences(List<Entry> entries) {
    this.entries = entries;
  }

  public static KnownDifferences load() {
    return new KnownDifferences(rows(FILE).stream().map(KnownDifferences::entry).toList());
  }

  private static Entry entry(String[] row) {
    return new Entry(Pattern.compile(row[0]), Pattern.compile(row[1]), row[2]);
  }

  /** Whether that etcd must not be asked this, because it would end. */
  boolean crashes(String etcdVersion, String step) {
    return reason(etcdVersion, step).map(reason -> reason.startsWith(CRASHES)).orElse(false);
  }

  public Optional<String> reason(String etcdVersion, String step) {
    return entries.stream()
        .filter(entry -> entry.version.matcher(etcdVersion).matches())
        .filter(entry -> entry.step.matcher(step).matches())
        .map(Entry::reason)
        .findFirst();
  }

  /**
   * The rows of a list among the test resources: three columns between {@code ::}, comments.
   *
   * @throws IllegalArgumentException if one has other columns
   */
  public static List<String[]> rows(String resource) {
    InputStream file = KnownDifferences.class.getResourceAsStream(resource);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(file, resource), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> columns(resource, line))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] columns(String resource, String line) {
    String[] columns = line.split(BETWEEN, COLUMNS);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException(resource + ": no three columns: " + line);
    }
    return columns;
  }
}
