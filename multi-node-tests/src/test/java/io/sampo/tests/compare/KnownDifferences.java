package io.sampo.tests.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The list in {@code known-differences.txt}: which etcd, which step, why. */
public final class KnownDifferences {

  private static final String FILE = "/known-differences.txt";

  private static final String CRASHES = "crashes: ";

  private record Entry(Pattern version, Pattern step, String reason) {}

  private final List<Entry> entries;

  private KnownDifferences(List<Entry> entries) {
    this.entries = entries;
  }

  public static KnownDifferences load() {
    try (InputStream file = KnownDifferences.class.getResourceAsStream(FILE);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return new KnownDifferences(
          reader
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(KnownDifferences::parse)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry parse(String line) {
    String[] parts = line.split(" :: ", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException(FILE + ": not 'version :: step :: reason': " + line);
    }
    return new Entry(Pattern.compile(parts[0]), Pattern.compile(parts[1]), parts[2]);
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
}
